/**
 * The visual language as custom properties: type scale, spacing, radius, shadow, colour. Each colour names its light and
 * its dark value; `color-scheme` decides. Text colours keep 4.5:1 on their grounds, control borders 3:1 (WCAG 2.2 AA).
 */
export const TOKENS_CSS = `
:root {
  color-scheme: light dark;
  --font: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
  --text-xs: .75rem; --text-s: .8125rem; --text-m: .9375rem; --text-l: 1.125rem; --text-xl: 1.5rem;
  --s1: .25rem; --s2: .5rem; --s3: .75rem; --s4: 1rem; --s5: 1.5rem; --s6: 2rem; --s7: 3rem;
  --radius-s: 6px; --radius: 10px; --radius-full: 999px;
  --ground: light-dark(#ffffff, #0e1117);
  --sunken: light-dark(#f6f7f9, #0a0d12);
  --raised: light-dark(#ffffff, #161b23);
  --line: light-dark(#e4e7ec, #272e39);
  --control: light-dark(#848d9b, #6d7787);
  --ink: light-dark(#161a23, #e9ecf1);
  --ink-2: light-dark(#586173, #a0a9b8);
  --accent: light-dark(#4338ca, #a9a6ff);
  --accent-fill: light-dark(#4a40d4, #5f56e6);
  --accent-fill-2: light-dark(#3a31b4, #6e66f0);
  --accent-soft: light-dark(#eeedfd, #201f3d);
  --on-accent: #ffffff;
  --good: light-dark(#0b6a3b, #5fd495); --good-soft: light-dark(#e5f6ec, #11291d);
  --warn: light-dark(#855000, #f1bd63); --warn-soft: light-dark(#fff3dc, #2c2212);
  --bad: light-dark(#b0241c, #ff958d); --bad-soft: light-dark(#fdecea, #33181a);
  --shadow: 0 1px 2px light-dark(rgb(16 24 40 / .06), rgb(0 0 0 / .4));
  --shadow-l: 0 1px 3px light-dark(rgb(16 24 40 / .08), rgb(0 0 0 / .5)), 0 8px 24px light-dark(rgb(16 24 40 / .06), rgb(0 0 0 / .35));
}
:root[data-theme="light"] { color-scheme: light; }
:root[data-theme="dark"] { color-scheme: dark; }
`
