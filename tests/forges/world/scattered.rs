//! What existing writers leave: rows that do not meet, deployments of one pull request of which one row is completed,
//! digests beside tags, names of variables, and what a check of the set-up did not clean up.

use super::{Hold, Kind, Row, RunRef, World, digits, timeline::Ids};
use crate::support::rng::Rng;

impl World {
    /// By chances of its own, so that a seed's deployments stay what they are.
    pub(super) fn scatter(&mut self, seed: u64, ids: &mut Ids) {
        let mut rng = Rng::new(seed ^ 0x05CA_77E2);
        for project in &mut self.projects {
            project.is_split = rng.percent(30);
            project.names_variables = rng.percent(25);
            project.has_self_test = rng.percent(25);
        }
        for n in 0..self.rows.len() {
            if self.rows[n].service.is_some() && rng.percent(25) {
                self.join(&mut rng, ids, n);
            }
        }
        for n in 0..self.rows.len() {
            self.rename(&mut rng, n);
        }
        for run in &mut self.runs {
            for part in run.parts.iter_mut().filter(|part| !part.approvers.is_empty()) {
                part.hold = rng.pick(&[Hold::Approval, Hold::Approval, Hold::Permission, Hold::Validation]);
                // Only approvals name who may give them.
                if part.hold != Hold::Approval {
                    part.approvers.clear();
                }
            }
        }
    }

    /// Another service's deployment in the same pull request, which the pipeline of the manifests does not find.
    fn join(&mut self, rng: &mut Rng, ids: &mut Ids, n: usize) {
        let first = self.rows[n].clone();
        if first.pull.is_none() {
            return;
        }
        let mut again: Vec<(usize, usize)> = Vec::new();
        let mut stages = first.stages;
        for stage in stages.iter_mut().take(2).flatten() {
            *stage = RunRef { run: self.run_again(ids, stage.run, &mut again), part: stage.part };
        }
        let service = format!("{}-worker", first.service.as_deref().unwrap_or("x"));
        let image = format!("worker-{}", first.image);
        let key = digits(rng.below(u64::MAX), 12);
        self.rows.push(Row { key, service: Some(service), image, stages, is_left_out: true, ..first });
    }

    /// The same run under another number, in a workflow of its own.
    fn run_again(&mut self, ids: &mut Ids, n: usize, again: &mut Vec<(usize, usize)>) -> usize {
        if let Some((_, copy)) = again.iter().find(|(run, _)| *run == n) {
            return *copy;
        }
        let workflow = self.runs[n].workflow.map(|workflow| self.run_again(ids, workflow, again));
        let run = self.runs[n].clone();
        let id = match run.kind {
            Kind::Build => &mut ids.build,
            Kind::Release => &mut ids.release,
            Kind::Workflow => &mut ids.workflow,
            Kind::Job => &mut ids.job,
            Kind::Pipeline => &mut ids.pipeline,
        };
        *id += 1;
        let id = *id;
        let copy = self.run(super::Run { id, workflow, ..run });
        again.push((n, copy));
        copy
    }

    /// Images whose tags a build may not write as they are, or of which the digest is known.
    fn rename(&mut self, rng: &mut Rng, n: usize) {
        let row = &mut self.rows[n];
        if row.service.is_none() {
            return;
        }
        if self.projects[row.project].is_split {
            row.image = format!("{}_1.{n}", row.image);
        }
        if rng.percent(20) {
            row.digest = Some(format!("sha256:{}", digits(rng.below(u64::MAX), 64)));
            row.is_digest_of_build = rng.percent(40);
        }
        let release = row.stages[1].map(|stage| &mut self.runs[stage.run]);
        if let Some(image) = release.and_then(|run| run.image.as_mut()) {
            image.clone_from(&row.image);
        }
    }
}
