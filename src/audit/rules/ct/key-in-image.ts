import type { FindingDraft, Fix } from '../../../findings/index.ts';
import type { Entry } from '../../../pipelines/index.ts';
import { findLiteralKeys, isPlaceholder } from '../../../text/index.ts';
import type { Rule } from '../../rule.ts';
import { isCredentialName } from '../credential-name.ts';
import { removeLines } from '../line-removal.ts';
import { containerDraft, type InspectedContainer, inspectContainers, titleOf } from './agent-container.ts';
import { dockerfile, SOUND_DOCKERFILE } from './examples.ts';

/** CT002 */
export const keyInImage: Rule = {
  id: 'CT002',
  name: 'key-in-image',
  title: 'A key is written into the image or its description',
  what: 'ENV, ARG, a label or a variable of a container holds a credential as literal text, or a credential enters a build as an argument.',
  why: 'Everybody who can pull the image, read its history or read the repository has the key; a build argument stays in the history of the layers even when nothing copies it.',
  sources: ['Dockerfile reference, ARG: "not recommended for passing secrets"', 'CWE-798', 'CWE-538'],
  severity: 'critical',
  confidence: 'high',
  tier: 'regular',
  family: 'CT',
  fix: 'unsafe',
  advice: 'Rotate the key. Give it to the build with `RUN --mount=type=secret`, and to the container when it starts.',
  tags: ['CWE-798', 'CWE-522', 'OWASP-CICD-SEC-6'],
  attack: dockerfile(
    SOUND_DOCKERFILE.replace('USER node', 'ARG ANTHROPIC_API_KEY\nENV ANTHROPIC_API_KEY=$ANTHROPIC_API_KEY\nUSER node'),
  ),
  benign: dockerfile(
    SOUND_DOCKERFILE.replace('RUN npm', 'ENV NODE_ENV=production MAX_TOKENS=4096\nRUN --mount=type=secret,id=npm npm'),
  ),
  check: (facts) =>
    inspectContainers(facts).flatMap((inspected) => entriesOf(inspected).flatMap((entry) => judge(inspected, entry))),
};

type Kind = 'ENV' | 'ARG' | 'label';

interface ContainerEntry extends Entry {
  readonly kind: Kind;
}

function entriesOf({ container }: InspectedContainer): readonly ContainerEntry[] {
  return [
    ...container.environment.map((entry) => ({ ...entry, kind: 'ENV' as const })),
    ...container.buildArguments.map((entry) => ({ ...entry, kind: 'ARG' as const })),
    ...container.labels.map((entry) => ({ ...entry, kind: 'label' as const })),
  ];
}

function judge(inspected: InspectedContainer, entry: ContainerEntry): readonly FindingDraft[] {
  const title = titleOf(inspected);
  const [key] = findLiteralKeys(entry.value.text);
  const fixes = fixesFor(inspected, entry);
  const about = `${entry.kind} ${entry.name}`;
  if (key !== undefined) {
    const message = `${title} has a literal ${key.name} in ${entry.kind} ${entry.name}: ${key.shown}`;
    const draft = containerDraft('CT002', inspected, {
      message,
      severity: 'critical',
      confidence: key.confidence,
      place: entry.value.place,
      about,
      fixes,
    });
    return [{ ...draft, severity: key.confidence === 'low' ? 'medium' : 'critical' }];
  }
  if (!isCredentialName(entry.name) || entry.kind === 'label') return [];
  if (holdsLiteral(entry)) {
    const message = `${title} has a literal value for ${entry.name} in ${entry.kind}`;
    return [
      containerDraft('CT002', inspected, {
        message,
        severity: 'critical',
        confidence: 'medium',
        place: entry.value.place,
        about,
        fixes,
      }),
    ];
  }
  if (inspected.file.kind !== 'dockerfile') return [];
  const message = `${title} takes ${entry.name} as ${entry.kind}: it stays in the image and its history`;
  const place = entry.value.text === '' ? entry.keyPlace : entry.value.place;
  if (entry.value.text === '' && entry.kind === 'ENV') return [];
  return [containerDraft('CT002', inspected, { message, severity: 'high', confidence: 'high', place, about, fixes })];
}

/** A value that somebody typed: no variable, no placeholder, and no word such as `true`. */
function holdsLiteral({ value }: Entry): boolean {
  const text = value.text.trim();
  if (text.length < 8 || value.interpolations.length > 0 || /\s|^[/~.]/.test(text)) return false;
  return !isPlaceholder(text);
}

function fixesFor({ file }: InspectedContainer, entry: ContainerEntry): readonly Fix[] {
  const { place } = entry.value;
  if (file.kind === 'compose' && entry.kind === 'ENV' && entry.value.text !== '') {
    const start = entry.value.offsetOf(0);
    // `${SHOP_KEY:-literal}` keeps its variable and loses its default.
    const variable = /^\$\{(\w{1,100}):?-/.exec(entry.value.text)?.[1] ?? entry.name;
    const edit = { file: place.file, span: { start, end: start + entry.value.text.length }, text: `\${${variable}}` };
    return [
      {
        title: `Take ${entry.name} from the environment; rotate the key`,
        safety: 'unsafe',
        edits: [edit],
        creates: [],
      },
    ];
  }
  const instruction = file.kind === 'dockerfile' ? soleInstruction(file.file.text, entry) : undefined;
  const edit = instruction && removeLines(file.file, { file: place.file, span: instruction });
  if (edit === undefined) return [];
  return [
    { title: `Remove ${entry.name} from the image; rotate the key`, safety: 'unsafe', edits: [edit], creates: [] },
  ];
}

/** The range of `ENV NAME=value` when it stands alone on its line. */
function soleInstruction(text: string, entry: Entry): { readonly start: number; readonly end: number } | undefined {
  const end = Math.max(entry.keyPlace.span.end, entry.value.place.span.end);
  const start = text.lastIndexOf('\n', entry.keyPlace.span.start - 1) + 1;
  const before = text.slice(start, entry.keyPlace.span.start);
  return /^\s*(?:ENV|ARG)\s+$/i.test(before) ? { start, end } : undefined;
}
