// <ringside-view src="https://ringside.example.com/" view="rings" theme="dark" query="service=api" fit></ringside-view>
//
// A view of Ringside in another page. Load this file from the site itself, as a plain script: <script src="…/embed.js" defer>.
// `theme` can be changed at any time; `fit` makes the element as high as what it shows; else it is as high as its style
// says. Events: `ringside-ready`, `ringside-height` with `detail.height`. The frame can be styled by `::part(frame)`.

(() => {
  const NAME = "ringside-view";
  const THEMES = ["auto", "light", "dark"];
  /** No view is made higher than this: a table of any length scrolls within it. */
  const MOST_HEIGHT = 4_000;

  // A style sheet made by script needs no permission of the host's policy, as an element or an attribute would.
  const style = new CSSStyleSheet();
  style.replaceSync(`
    :host { display: block; block-size: 600px; }
    :host([fit]) { block-size: auto; }
    :host([hidden]) { display: none; }
    iframe { display: block; inline-size: 100%; block-size: 100%; border: 0; }
  `);

  class RingsideView extends HTMLElement {
    static observedAttributes = ["src", "view", "theme", "query", "title"];

    #frame = document.createElement("iframe");
    #address;

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [style];
      this.#frame.setAttribute("part", "frame");
      this.#frame.allow = "clipboard-write";
      this.#frame.loading = "lazy";
      root.append(this.#frame);
    }

    connectedCallback() {
      addEventListener("message", this.#hear);
      this.#load();
    }

    disconnectedCallback() {
      removeEventListener("message", this.#hear);
    }

    attributeChangedCallback(name, before, now) {
      if (!this.isConnected || before === now) return;
      if (name === "title") this.#frame.title = this.title || "Ringside";
      else if (name === "theme" && this.#address) this.#sendTheme();
      else this.#load();
    }

    /** The theme, as the page around has it. */
    get theme() {
      const theme = this.getAttribute("theme");
      return THEMES.includes(theme) ? theme : "auto";
    }

    set theme(theme) {
      this.setAttribute("theme", theme);
    }

    #load() {
      const src = this.getAttribute("src");
      const address = src && URL.canParse(src, document.baseURI) ? new URL(src, document.baseURI) : undefined;
      // An address with a script in it would run here, in the page around.
      if (!["http:", "https:"].includes(address?.protocol)) {
        this.#address = undefined;
        this.#frame.removeAttribute("src");
        return;
      }
      for (const [key, value] of new URLSearchParams(this.getAttribute("query") ?? "")) address.searchParams.append(key, value);
      const view = this.getAttribute("view");
      if (view) address.searchParams.set("view", view);
      if (this.theme !== "auto") address.searchParams.set("theme", this.theme);
      address.searchParams.set("embed", "1");
      // Whom the frame listens and answers to.
      address.searchParams.set("host", location.origin);
      this.#frame.title = this.title || "Ringside";
      this.#address = address;
      this.#frame.src = address.href;
    }

    #sendTheme() {
      this.#frame.contentWindow?.postMessage({ ringside: "theme", theme: this.theme }, this.#address.origin);
    }

    #hear = ({ source, origin, data }) => {
      if (!this.#address || source !== this.#frame.contentWindow || origin !== this.#address.origin) return;
      if (data?.ringside === "ready") {
        // It may have changed while the frame was loading.
        this.#sendTheme();
        this.#say("ringside-ready", {});
      } else if (data?.ringside === "height" && Number.isFinite(data.height) && data.height > 0) {
        const height = Math.min(Math.ceil(data.height), MOST_HEIGHT);
        if (this.hasAttribute("fit")) this.#frame.style.blockSize = `${height}px`;
        this.#say("ringside-height", { height });
      }
    };

    #say(name, detail) {
      this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
    }
  }

  if (!customElements.get(NAME)) customElements.define(NAME, RingsideView);
})();
