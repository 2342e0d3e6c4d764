import { entryOf, type Node, nodeAt, scalarsOf } from '../../syntax/index.ts';
import type { Located, Runner } from '../model.ts';
import { findExpressions, readValues } from './template.ts';
import type { ValueScope } from './value-flow.ts';

/**
 * Runner labels by who keeps the machine. Source: GitHub documentation, "Choosing the runner for a job"; third-party
 * labels from the vendors' documentation, read 2026-11. The first row that fits counts.
 */
const LABELS: readonly { readonly label: RegExp; readonly kind: Runner['kind'] }[] = [
  { label: /^self-hosted$/, kind: 'persistent' },
  { label: /^(ubuntu|windows|macos)-(latest|slim|\d)[a-z0-9._-]*$/, kind: 'hosted' },
  {
    label: /^(blacksmith|depot|buildjet|namespace-profile|nscloud|warp|ubicloud|actuated|bitrise|runs-on|cirrus)\b/,
    kind: 'third-party',
  },
  { label: /^(ghcr\.io\/cirruslabs|codebuild|cirun|mac-m\d|garm|arc-runner)\b/, kind: 'third-party' },
];

function kindOf(label: string): Runner['kind'] {
  const lower = label.toLowerCase();
  return LABELS.find((row) => row.label.test(lower))?.kind ?? 'unknown';
}

/** Labels in falling order of what they give away. */
const WORST: readonly Runner['kind'][] = ['persistent', 'unknown', 'third-party', 'hosted'];

/** Read `runs-on:`: a label, a list of labels, or a group. Expressions count by every label they can yield. */
export function readRunner(node: Node | undefined, file: string, scope: ValueScope): Runner {
  const written = node?.kind === 'map' ? scalarsOf(nodeAt(node, 'labels')) : scalarsOf(node);
  const labels = written.flatMap((scalar): readonly Located<string>[] => {
    const place = { file, span: scalar.span };
    const [expression] = findExpressions(scalar.text);
    if (expression === undefined) return [{ value: scalar.text, place }];
    return labelsFrom(expression.source, scalar.text, scope).map((value) => ({ value, place }));
  });
  const grouped = entryOf(node, 'group') !== undefined;
  const kinds = labels.map((label) => kindOf(label.value));
  const together = node?.kind === 'list' || node?.kind === 'map';
  // In a list all labels must fit one machine, so one known label settles what the others mean.
  const known = together ? kinds.filter((kind) => kind !== 'unknown') : kinds;
  const kind = WORST.find((each) => known.includes(each)) ?? 'unknown';
  return { labels, kind: grouped && kind !== 'persistent' ? 'unknown' : kind };
}

function labelsFrom(source: string, spelled: string, scope: ValueScope): readonly string[] {
  const labels = readValues(source, scope).flatMap((value): readonly string[] => {
    if (value.origin === 'matrix' && value.kind === 'constant') {
      const path = value.name.toLowerCase().split('.').slice(1).join('.');
      return scope.matrix.get(path) ?? [spelled];
    }
    if (value.kind === 'constant') return [value.name.replace(/^'|'$/g, '')];
    return [spelled];
  });
  return labels.length > 0 ? labels.flatMap(splitJson) : [spelled];
}

/** `fromJSON('["self-hosted", "linux"]')` arrives as the JSON text. */
function splitJson(label: string): readonly string[] {
  return label.startsWith('[') ? (label.match(/[A-Za-z0-9][\w.-]*/g) ?? []) : [label];
}
