/** The page of every class of control that is compared, made from the table. */
import type { ControlClass, ControlGroup, ExampleFile } from '../src/controls/index.ts';

const GROUPS: readonly (readonly [group: ControlGroup, about: string])[] = [
  ['guard', 'Checks in code'],
  ['call', 'Calls that protect'],
  ['route', 'Routes and who reaches them'],
  ['option', 'Switches'],
  ['list', 'Lists that let in or keep out'],
  ['pattern', 'Regular expressions'],
  ['policy-text', 'Rules written as text'],
  ['sink', 'New power in code'],
  ['test', 'Tests'],
  ['pipeline', 'Pipelines and checking tools'],
  ['agent-configuration', 'Coding agents and our own policy'],
  ['infrastructure', 'Containers, clusters, clouds'],
  ['dependency', 'Dependencies'],
  ['repository', 'The repository itself'],
  ['text', 'What readers do not see, and silenced checks'],
];

/** @param generated the line that says who wrote the page. */
export function controlsPage(classes: readonly ControlClass[], generated: string): string {
  const sections = GROUPS.flatMap(([group, about]) => {
    const members = classes.filter((row) => row.group === group);
    return members.length === 0 ? [] : [`## ${about}`, '', ...members.flatMap(classPart)];
  });
  return [
    '# Controls that are compared',
    '',
    generated,
    '',
    `${classes.length} classes. \`sallyport diff\` and the gate compare them between the base and the head of a change.`,
    'A class that is *meta* disarms checks themselves: a model may never lower it, and it counts from severity medium on.',
    'The severity is that of a weakening; in something that is wholly new it is one step lower and called *added capability*.',
    '',
    ...sections,
  ].join('\n');
}

function classPart({
  id,
  title,
  why,
  advice,
  severity,
  direction,
  meta,
  tags,
  attack,
}: ControlClass): readonly string[] {
  return [
    `### ${id}`,
    '',
    `**${title}** — ${severity}, reported as ${direction === 'added-capability' ? 'added capability' : direction}${meta ? ', meta' : ''}. ${tags.join(', ')}`,
    '',
    why,
    '',
    advice,
    '',
    ...exampleOf(attack.before, attack.after),
  ];
}

/** The longest example that is still read. */
const MOST_LINES = 30;

function exampleOf(before: readonly ExampleFile[], after: readonly ExampleFile[]): readonly string[] {
  const lines = [...linesOf(before, '-'), ...linesOf(after, '+')];
  const same = new Set(linesOf(before, ' ').filter((line) => linesOf(after, ' ').includes(line)));
  const shown = lines.flatMap((line) => {
    const plain = ` ${line.slice(1)}`;
    if (!same.has(plain)) return [line];
    return line.startsWith('-') ? [plain] : [];
  });
  if (shown.length === 0 || shown.length > MOST_LINES) return [];
  const file = [...after, ...before][0]?.file ?? '';
  return [`\`${file}\`:`, '', '````diff', ...shown, '````', ''];
}

/** Hidden characters are named; endless lines are cut. */
function linesOf(files: readonly ExampleFile[], sign: string): readonly string[] {
  return files.flatMap(({ text, mode }) => {
    const kind = mode === undefined ? [] : [`${sign} (${mode})`];
    const lines = text
      .replace(/\n$/, '')
      .split('\n')
      .filter((line) => line !== '');
    return [...kind, ...lines.map((line) => `${sign} ${visible(line)}`)];
  });
}

function visible(line: string): string {
  const named = line.replace(
    /[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufffd]/g,
    (one) => `<U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`,
  );
  return named.length > 160 ? `${named.slice(0, 160)}…` : named;
}
