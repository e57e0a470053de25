/** The page's whole style sheet: system fonts, two colour schemes, one accent. */
export const STYLE = `
:root { --ground: #fbfbfa; --card: #fff; --ink: #1c1e21; --quiet: #5f6670; --line: #e4e6e9; --accent: #2456c9; --good: #1a7f4b; --bad: #b3261e }
@media (prefers-color-scheme: dark) {
  :root { --ground: #14161a; --card: #1b1e23; --ink: #e8eaed; --quiet: #a0a7b1; --line: #2c3037; --accent: #8ab0ff; --good: #6fd3a0; --bad: #ff9b92 }
}
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 64rem; padding: 2rem 1.25rem 4rem; background: var(--ground); color: var(--ink);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums }
header { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: .5rem 1.5rem; margin-bottom: 1.5rem }
h1 { margin: 0; font-size: 1.25rem; letter-spacing: -.01em } h1 span { color: var(--quiet); font-weight: 400 }
h2 { margin: 0 0 .75rem; font-size: .95rem } .count { color: var(--quiet); font-weight: 400; margin-left: .25rem }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem } nav a { text-transform: capitalize } a { color: var(--accent); text-underline-offset: .15em }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.25rem; margin-bottom: 1rem }
p { margin: 0 } .quiet { color: var(--quiet) } .now { font-size: 1.35rem; letter-spacing: -.01em } .now .quiet { font-size: .9rem; letter-spacing: 0 }
.buttons { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .9rem } form { margin: 0 }
button { font: inherit; color: var(--ink); background: transparent; border: 1px solid var(--line); border-radius: 7px; padding: .35rem .8rem; cursor: pointer }
button:hover { border-color: var(--accent); color: var(--accent) } :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
ul { list-style: none; margin: 0; padding: 0 } li + li { border-top: 1px solid var(--line) } summary { padding: .45rem 0; cursor: pointer; overflow-wrap: anywhere }
.when { color: var(--quiet); font-size: .87rem; white-space: nowrap; margin-right: .35rem }
code { font: 600 .95rem ui-monospace, SFMono-Regular, Menlo, monospace; border: 1px solid var(--line); border-radius: 5px; padding: .05rem .4rem; letter-spacing: .06em }
pre { margin: 0 0 .75rem; padding: .75rem; background: var(--ground); border-radius: 7px; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; font: .85rem/1.5 ui-monospace, SFMono-Regular, Menlo, monospace }
.wide { overflow-x: auto } td { white-space: nowrap } table { width: 100%; border-collapse: collapse; font-size: .9rem }
th { text-align: left; color: var(--quiet); font-weight: 500 } th, td { padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line) } tr:last-child td { border-bottom: 0 }
.state { color: var(--accent) } .succeeded { color: var(--good) } .failed, .timed_out, .aborted { color: var(--bad) }
footer { color: var(--quiet); font-size: .87rem }
`
