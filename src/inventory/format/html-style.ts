/** The look of the page: light and dark by the reader's setting, black on white on paper. */
export const STYLE = `
  :root { color-scheme: light dark; --ink: #1f2328; --paper: #ffffff; --line: #d0d7de; --soft: #f6f8fa; --quiet: #59636e;
    --bad: #cf222e; --maybe: #9a6700; --good: #1a7f37; --outside: #fff5f5; --inside: #f3f8ff; }
  @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --line: #3d444d; --soft: #151b23;
    --quiet: #9198a1; --bad: #ff7b72; --maybe: #d29922; --good: #3fb950; --outside: #1f1416; --inside: #111a26; } }
  body { font: 15px/1.55 system-ui, sans-serif; max-width: 68rem; margin: 2.5rem auto; padding: 0 1.25rem;
    color: var(--ink); background: var(--paper); }
  h1 { font-size: 1.4rem; margin-bottom: .25rem; } h2 { font-size: 1.15rem; margin: 2.6rem 0 .5rem; }
  h3 { font-size: 1rem; margin: 0 0 .4rem; overflow-wrap: anywhere; }
  .quiet { color: var(--quiet); }
  table { border-collapse: collapse; width: 100%; margin: .8rem 0; font-size: .88rem; }
  .scroll { overflow-x: auto; }
  th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
  td:first-child { min-width: 11rem; }
  th { color: var(--quiet); font-weight: 600; white-space: nowrap; }
  article { border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.1rem; margin: 1.1rem 0; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .6rem 0; font-size: .9rem; }
  dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
  .chip { display: inline-block; padding: 0 .55rem; border-radius: 1rem; border: 1px solid currentColor; font-size: .8rem; white-space: nowrap; }
  .yes { color: var(--bad); } .unknown { color: var(--maybe); } .no { color: var(--good); }
  code { font-family: ui-monospace, monospace; font-size: .85em; }
  figure { margin: .8rem 0; overflow-x: auto; } figcaption { font-size: .8rem; color: var(--quiet); }
  svg { display: block; width: 100%; min-width: 44rem; height: auto; font: 12px system-ui, sans-serif; }
  svg .zone { fill: var(--outside); } svg .zone.ci { fill: var(--inside); }
  svg .boundary { stroke: var(--quiet); stroke-dasharray: 6 4; } svg .head { fill: var(--quiet); font-weight: 600; }
  svg .box { fill: var(--paper); stroke: var(--line); } svg .box.yes { stroke: var(--bad); } svg .box.unknown { stroke: var(--maybe); }
  svg .box.no { stroke: var(--good); } svg .box.agent { stroke: var(--ink); stroke-width: 2; }
  svg text { fill: var(--ink); } svg .sub { fill: var(--quiet); font-size: 10.5px; }
  svg .edge { fill: none; stroke: var(--quiet); stroke-width: 1.3; } svg .edge.yes { stroke: var(--bad); } svg .edge.unknown { stroke: var(--maybe); stroke-dasharray: 5 3; }
  @media print { :root { --ink: #000; --paper: #fff; --line: #999; --soft: #fff; --quiet: #444; --bad: #a00; --maybe: #750; --good: #060;
      --outside: #fff; --inside: #f4f4f4; } body { margin: 0; max-width: none; } figure, .scroll { overflow: visible; } svg { min-width: 0; }
    article, figure, tr { break-inside: avoid; } article { border-color: #999; } }
`;
