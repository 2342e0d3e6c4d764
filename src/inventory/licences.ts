import type { ServerOrigin } from '../agents/index.ts';
import type { Facts } from '../facts/index.ts';
import type { Provenance } from './model.ts';
import { shownText } from './shown-text.ts';

/** A licence stands near the top or nowhere. */
const TOP = 4_000;
const EXPRESSION = /^[A-Za-z0-9.+() -]{2,80}$/;

/** `license:` in the front matter of a skill or rule. */
export function statedLicence(text: string): string | undefined {
  const top = text.slice(0, TOP);
  if (!top.startsWith('---')) return undefined;
  const end = top.indexOf('\n---', 3);
  if (end < 0) return undefined;
  const line = top
    .slice(0, end)
    .split('\n')
    .find((one) => /^licen[sc]e:/i.test(one));
  return licenceText(line?.slice(line.indexOf(':') + 1));
}

function licenceText(text: string | undefined): string | undefined {
  const bare = text?.trim().replace(/^(['"])(.*)\1$/, '$2');
  return bare !== undefined && EXPRESSION.test(bare) ? bare : undefined;
}

/** Where the code of an MCP server comes from, with the licence that the lock file of the repository states for it. */
export function provenanceOf(origin: ServerOrigin, facts: Facts): Provenance {
  const { kind, name, version, pinned } = origin;
  const npm = kind === 'package' && !['uvx', 'uv tool run', 'pipx run'].includes(origin.runner ?? '');
  const locked = npm ? lockedPackage(name, facts) : undefined;
  const publisher = npm ? /^@([a-z0-9~][a-z0-9._~-]{0,100})\//.exec(name)?.[1] : undefined;
  return {
    kind,
    name: shownText(name),
    version: version === undefined ? locked?.version : shownVersion(version),
    pinned,
    licence: locked?.licence,
    publisher,
  };
}

function shownVersion(version: string): string {
  return /^(?:sha256:)?[0-9a-f]{40,64}$/.test(version) ? version : shownText(version);
}

/** npm's lock file states version and licence of each package that is installed from it. */
function lockedPackage(
  name: string,
  facts: Facts,
): { readonly version: string | undefined; readonly licence: string | undefined } | undefined {
  const text = facts.source('package-lock.json')?.text;
  if (text === undefined) return undefined;
  // The file may be megabytes of somebody else's JSON: one entry is cut out, the whole is never parsed.
  const start = text.indexOf(`"node_modules/${name}": {`);
  if (start < 0) return undefined;
  const entry = text.slice(start, start + TOP);
  const own = entry.slice(0, Math.max(0, entry.indexOf('\n    }')));
  return {
    version: /"version": "([0-9A-Za-z.+-]{1,64})"/.exec(own)?.[1],
    licence: licenceText(/"license": "([^"\n]{1,80})"/.exec(own)?.[1]),
  };
}
