/** The look of the page: light and dark by the reader's setting, everything open on paper. */
export const STYLE = `
  :root { color-scheme: light dark; --line: #8884; --soft: #8881; --critical: #a40e26; --high: #cf222e; --medium: #9a6700; --low: #0969da; --info: #6e7781; }
  body { font: 15px/1.55 system-ui, sans-serif; max-width: 70rem; margin: 2.5rem auto; padding: 0 1.25rem; }
  h1 { font-size: 1.35rem; margin-bottom: .25rem; } h2 { font-size: 1.05rem; margin: 2.2rem 0 .5rem; }
  .counts { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.25rem 0 0; padding: 0; list-style: none; }
  .counts li { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .9rem; min-width: 5rem; }
  .counts b { display: block; font-size: 1.25rem; font-variant-numeric: tabular-nums; }
  article { border: 1px solid var(--line); border-radius: .5rem; padding: .8rem 1rem; margin: .8rem 0; overflow-wrap: anywhere; break-inside: avoid; }
  article p { margin: .35rem 0; } article h3 { font-size: 1rem; margin: .35rem 0; } article .detail { white-space: pre-line; }
  .badge { display: inline-block; padding: .05rem .55rem; border-radius: 1rem; color: #fff; font-size: .8rem; }
  .critical { background: var(--critical); } .high { background: var(--high); } .medium { background: var(--medium); }
  .low { background: var(--low); } .info { background: var(--info); }
  .where, code, pre { font-family: ui-monospace, monospace; font-size: .85rem; }
  .quiet { opacity: .75; }
  pre { background: var(--soft); padding: .45rem .7rem; margin: .35rem 0; overflow-x: auto; border-radius: .35rem; }
  pre .number { opacity: .65; user-select: none; } mark { background: #ffd33d66; color: inherit; border-bottom: 2px solid var(--high); }
  ol.steps { padding-left: 1.4rem; } ol.steps li { margin: .5rem 0; } .cut { border-left: 3px solid var(--low); padding-left: .6rem; }
  @media print { body { margin: 0; max-width: none; } pre { white-space: pre-wrap; } .badge { color: #000; background: none; border: 1px solid #000; } }
`;
