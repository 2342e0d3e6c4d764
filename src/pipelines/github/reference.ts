import type { Place, ScalarNode } from '../../syntax/index.ts';
import type { Reference } from '../model.ts';

const DIGEST = /^(?:[0-9a-f]{40}|[0-9a-f]{64}|sha256:[0-9a-f]{64})$/i;
const VERSION = /^v?\d+(?:\.(?:\d+|x))*(?:[-+.][\w.+-]*)?$/i;
const BRANCHES: ReadonlySet<string> = new Set([
  ...[
    'main',
    'master',
    'dev',
    'develop',
    'trunk',
    'head',
    'latest',
    'next',
    'beta',
    'alpha',
    'nightly',
    'stable',
    'edge',
  ],
]);

/** How firmly a ref holds its target; see `Reference.refKind`. */
function refKindOf(ref: string | undefined): Reference['refKind'] {
  if (ref === undefined || ref === '') return 'none';
  if (ref.includes('${{')) return 'expression';
  if (DIGEST.test(ref)) return 'digest';
  if (VERSION.test(ref)) return 'tag';
  if (BRANCHES.has(ref.toLowerCase()) || ref.includes('/')) return 'branch';
  return /\d/.test(ref) ? 'tag' : 'branch';
}

/** Read `uses:` of a step or job. */
export function readUses(node: ScalarNode, file: string, source: string): Reference {
  const place: Place = { file, span: node.span };
  const comment = commentBehind(source, node.span.end);
  const text = node.text.trim();
  if (text.startsWith('docker://')) return { ...readImage(text.slice('docker://'.length), place), comment };
  if (text.startsWith('./') || text.startsWith('../')) {
    return { kind: 'local', name: text, path: undefined, ref: undefined, refKind: 'none', comment, place };
  }
  // This repository at the commit that runs. Source: GitHub changelog, 2026-07-30, self-repository syntax.
  if (text.startsWith('$/')) {
    const name = `./${text.slice('$/'.length).replace(/^(?:\.\/)+/, '')}`;
    return { kind: 'local', name, path: undefined, ref: undefined, refKind: 'none', comment, place };
  }
  const at = text.lastIndexOf('@');
  const [address, ref] = at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
  const [owner = '', name, ...path] = address.split('/');
  return {
    kind: 'repository',
    name: name === undefined ? owner : `${owner}/${name}`,
    path: path.length === 0 ? undefined : path.join('/'),
    ref,
    refKind: refKindOf(ref),
    comment,
    place,
  };
}

/** Read the name of a container image: `host:5000/name:tag@sha256:…`. */
export function readImage(text: string, place: Place): Reference {
  const [address = '', digest] = text.split('@', 2);
  const colon = address.indexOf(':', address.lastIndexOf('/') + 1);
  const tag = colon === -1 ? undefined : address.slice(colon + 1);
  const expression = text.includes('${{');
  const ref = digest ?? tag;
  return {
    kind: 'image',
    name: expression ? text : colon === -1 ? address : address.slice(0, colon),
    path: undefined,
    ref: expression ? undefined : ref,
    refKind: expression ? 'expression' : digest !== undefined ? 'digest' : imageTagKind(tag),
    comment: undefined,
    place,
  };
}

/** Every image tag can move; `latest` and its kin are meant to. */
function imageTagKind(tag: string | undefined): Reference['refKind'] {
  if (tag === undefined) return 'none';
  return BRANCHES.has(tag.toLowerCase()) ? 'branch' : 'tag';
}

/** A comment on the rest of the line, without its mark. */
function commentBehind(source: string, offset: number): string | undefined {
  const end = source.indexOf('\n', offset);
  const rest = source.slice(offset, end === -1 ? undefined : end).trim();
  return rest.startsWith('#') ? rest.slice(1).trim() : undefined;
}
