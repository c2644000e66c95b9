// Draws the icons into style/icons.css:  node tools/icons.mjs
//
// Each is a polygon for `clip-path`, in percent of its box. Browsers paint a clip for a fraction of what a mask costs
// (docs/BENCHMARKS.md), and one in percent has every size. The grid has 16 units; x goes right, y goes down.

import { writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";

const CORNERS = 20;
const radians = (degrees) => (degrees * Math.PI) / 180;
const polar = ([x, y], radius, degrees) => [x + radius * Math.cos(radians(degrees)), y + radius * Math.sin(radians(degrees))];
const range = (count) => Array.from({ length: count }, (_, at) => at);

/** Twice the area, positive where the corners go clockwise on screen. */
const area = (corners) => corners.reduce((sum, [x, y], at) => {
  const [nextX, nextY] = corners[(at + 1) % corners.length];
  return sum + x * nextY - nextX * y;
}, 0);

/** What is filled goes clockwise. */
const filled = (corners) => (area(corners) > 0 ? corners : corners.toReversed());

/** A hole goes the other way, so that both cancel each other where they overlap. */
const hole = (corners) => filled(corners).toReversed();

const disc = (center, radius, corners = CORNERS) => filled(range(corners).map((at) => polar(center, radius, (360 * at) / corners)));

const ring = (center, radius, width, corners = CORNERS) =>
  [disc(center, radius + width / 2, corners), hole(disc(center, radius - width / 2, corners))];

/** Part of a ring between two angles, where 0 is right and 90 is down. */
function arc(center, radius, width, from, to, steps) {
  const angles = range(steps + 1).map((at) => from + ((to - from) * at) / steps);
  return filled([
    ...angles.map((angle) => polar(center, radius + width / 2, angle)),
    ...angles.toReversed().map((angle) => polar(center, radius - width / 2, angle)),
  ]);
}

const box = (x, y, width, height) => filled([[x, y], [x + width, y], [x + width, y + height], [x, y + height]]);

/** The outline of a line through some points, with blunt ends. */
function line(width, ...points) {
  const half = width / 2;
  const towards = ([x, y], [toX, toY]) => [(toX - x) / Math.hypot(toX - x, toY - y), (toY - y) / Math.hypot(toX - x, toY - y)];
  const sides = points.map((point, at) => {
    const before = at > 0 ? towards(points[at - 1], point) : towards(point, points[1]);
    const after = at < points.length - 1 ? towards(point, points[at + 1]) : before;
    const sum = [before[1] + after[1], -before[0] - after[0]];
    const across = sum.map((part) => part / Math.hypot(...sum));
    // As far as the corner of both edges, but for sharp ones.
    const reach = Math.min(half / (across[0] * before[1] - across[1] * before[0]), half * 1.6);
    return across.map((part) => part * reach);
  });
  const end = (at, from) => {
    const along = towards(points.at(from), points.at(at));
    return points.at(at).map((part, axis) => part + along[axis] * half * 0.7);
  };
  const beside = (sign) => points.map(([x, y], at) => [x + sign * sides[at][0], y + sign * sides[at][1]]);
  return filled([...beside(1), end(-1, -2), ...beside(-1).toReversed(), end(0, 1)]);
}

/** Two lines that cross in the middle, as one outline. */
function cross(reach, width) {
  const half = width / 2;
  const arm = [[half, half], [reach, half], [reach, -half]];
  const turned = ([x, y], times) => range(times).reduce(([a, b]) => [b, -a], [x, y]);
  const slanted = ([x, y]) => [8 + (x - y) * Math.SQRT1_2, 8 + (x + y) * Math.SQRT1_2];
  return filled(range(4).flatMap((times) => arm.map((corner) => slanted(turned(corner, times)))));
}

const MIDDLE = [8, 8];
const CIRCLE = ring(MIDDLE, 6, 1.5);
const THIN_CIRCLE = ring(MIDDLE, 6.2, 1.2);
const DISC = disc(MIDDLE, 7);

/** The outlines of each. */
const ICONS = {
  good: [DISC, hole(line(1.7, [4.7, 8.3], [7, 10.6], [11.3, 5.9]))],
  run: [arc(MIDDLE, 6, 1.7, -80, 160, 14), disc(MIDDLE, 2, 8)],
  queue: [...CIRCLE, ...[5.1, 8, 10.9].map((x) => disc([x, 8], 1, 6))],
  wait: [...CIRCLE, line(1.6, [8, 4.6], [8, 8.2], [10.3, 9.7])],
  bad: [DISC, hole(cross(4, 1.7))],
  cancel: [...CIRCLE, line(1.5, [4, 12], [12, 4])],
  unknown: [
    ...range(6).map((at) => arc(MIDDLE, 6.2, 1.5, at * 60 + 12, at * 60 + 48, 2)),
    arc([8, 6.5], 1.7, 1.5, 170, 440, 8), box(7.25, 8.3, 1.5, 1.2), box(7.2, 10.4, 1.6, 1.6),
  ],
  part: [...CIRCLE, arc(MIDDLE, 3, 6, 90, 270, 9)],
  dot: ring(MIDDLE, 4, 1.4, 14),
  behind: [line(1.7, [8, 13], [8, 4]), line(1.7, [4, 7.2], [8, 3.2], [12, 7.2])],
  past: [...THIN_CIRCLE, line(1.4, [5.2, 8.2], [7.1, 10.1], [10.8, 6.1])],
  skip: [...THIN_CIRCLE, box(5, 7.3, 6, 1.4)],
  swap: [
    line(1.5, [2.5, 5.5], [12, 5.5]), line(1.5, [9.8, 2.8], [12.5, 5.5], [9.8, 8.2]),
    line(1.5, [13.5, 10.8], [4, 10.8]), line(1.5, [6.2, 8.1], [3.5, 10.8], [6.2, 13.5]),
  ],
  back: [line(1.7, [13, 8], [4, 8]), line(1.7, [7.2, 4], [3.2, 8], [7.2, 12])],
  search: [...ring([7, 7], 4.5, 1.6, 16), line(1.6, [10.3, 10.3], [14, 14])],
  down: [line(1.6, [4, 6], [8, 10], [12, 6])],
  up: [line(1.6, [4, 10], [8, 6], [12, 10])],
  close: [cross(6.2, 1.6)],
  refresh: [arc(MIDDLE, 5, 1.5, 0, 312, 18), line(1.5, [13, 2.2], [13, 5.1], [10.1, 5.1])],
  help: [box(1, 3, 14, 10), hole(box(2.4, 4.4, 11.2, 7.2)), ...[3.7, 7.3, 10.9].map((x) => box(x, 5.7, 1.5, 1.5)), box(4.6, 8.9, 6.8, 1.5)],
  sun: [...ring(MIDDLE, 3, 1.5, 14), ...range(8).map((at) => line(1.4, polar(MIDDLE, 5, at * 45), polar(MIDDLE, 6.6, at * 45)))],
  moon: [filled([
    ...range(15).map((at) => polar(MIDDLE, 6.3, 20 + (230 * at) / 14)),
    ...range(9).map((at) => polar([10.9, 5.1], 5.2, 205 - (150 * at) / 8)),
  ])],
  auto: [...CIRCLE, arc(MIDDLE, 3, 6, -90, 90, 9)],
  copy: [box(4.8, 4.8, 9.4, 9.4), hole(box(6.2, 6.2, 6.6, 6.6)), filled([[2, 2], [10.6, 2], [10.6, 3.4], [3.4, 3.4], [3.4, 10.6], [2, 10.6]])],
  plug: [
    box(5.2, 1.4, 1.6, 4), box(9.2, 1.4, 1.6, 4), box(7.2, 11.5, 1.6, 3.3),
    filled([[3.4, 4.8], [12.6, 4.8], [12.6, 8], [11.7, 10.4], [9.6, 12], [6.4, 12], [4.3, 10.4], [3.4, 8]]),
  ],
  rings: [...ring(MIDDLE, 6.6, 1), ...ring(MIDDLE, 3.9, 1.1, 16), disc(MIDDLE, 1.6, 8)],
  warn: [filled([[8, 1.4], [15, 13.9], [1, 13.9]]), hole([[8, 4], [12.6, 12.4], [3.4, 12.4]]), box(7.25, 6.6, 1.5, 3), box(7.2, 10.2, 1.6, 1.5)],
  note: [...CIRCLE, box(7.2, 7, 1.6, 4.4), box(7.2, 4.4, 1.6, 1.6)],
  out: [line(1.4, [6.5, 4], [4, 4], [4, 12], [12, 12], [12, 9.5]), line(1.4, [9, 3.6], [12.4, 3.6], [12.4, 7]), line(1.4, [12, 4], [7.5, 8.5])],
  sort: [line(1.4, [5, 6.3], [8, 3.3], [11, 6.3]), line(1.4, [5, 9.7], [8, 12.7], [11, 9.7])],
};

/** One polygon of several outlines: from the first corner of the first to each other one and back the same way. */
function polygon([first, ...others]) {
  const corners = [...first, ...(others.length ? [first[0]] : [])];
  others.forEach((outline, at) => {
    corners.push(...outline, outline[0], ...(at < others.length - 1 ? [first[0]] : []));
  });
  return `polygon(${corners.map((corner) => corner.map((part) => `${Math.round((part / 16) * 100)}%`).join(" ")).join(", ")})`;
}

/** The file's text. */
export function draw() {
  const lines = Object.entries(ICONS).map(([name, outlines]) => `    --icon-${name}: ${polygon(outlines)};\n`);
  return `/* Made by tools/icons.mjs: change the icons there. */\n@layer tokens {\n  :root {\n${lines.join("")}  }\n}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await writeFile(fileURLToPath(new URL("../style/icons.css", import.meta.url)), draw());
}
