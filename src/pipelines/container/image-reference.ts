import type { Reference } from '../model.ts';
import type { TemplateText } from '../value.ts';

/** Tags that move by design: a branch name or a stage of release, never one version. */
const MOVING_TAGS: ReadonlySet<string> = new Set([
  ...[
    'latest',
    'stable',
    'main',
    'master',
    'dev',
    'develop',
    'edge',
    'nightly',
    'beta',
    'next',
    'canary',
    'lts',
    'current',
  ],
]);

/** An image by its written name: `registry:5000/owner/name:tag@sha256:…`. */
export function readImage(written: TemplateText): Reference {
  const { text, place } = written;
  const at = text.indexOf('@');
  const digest = at >= 0 ? text.slice(at + 1) : undefined;
  const named = at >= 0 ? text.slice(0, at) : text;
  const colon = named.lastIndexOf(':');
  const hasTag = colon > named.lastIndexOf('/') && !named.slice(colon).includes('}');
  const tag = hasTag ? named.slice(colon + 1) : undefined;
  return {
    kind: 'image',
    name: hasTag ? named.slice(0, colon) : named,
    path: undefined,
    ref: digest ?? tag,
    refKind: refKindOf(written, digest, tag),
    comment: undefined,
    place,
  };
}

function refKindOf(written: TemplateText, digest: string | undefined, tag: string | undefined): Reference['refKind'] {
  if (digest !== undefined && /^sha(?:256|512):[0-9a-f]{64,128}$/.test(digest)) return 'digest';
  if (written.interpolations.length > 0) return 'expression';
  if (tag === undefined) return 'none';
  return MOVING_TAGS.has(tag.toLowerCase()) ? 'branch' : 'tag';
}
