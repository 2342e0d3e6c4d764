import {
  type AgentConfiguration,
  analyseRule,
  denyHoles,
  type ProductId,
  type RuleUse,
  shadowOf,
  type WrittenRule,
} from '../../../agents/index.ts';
import type { AgentRun, Facts } from '../../../facts/index.ts';
import type { FindingDraft, Fix, RuleDescriptor, Severity } from '../../../findings/index.ts';
import type { Rule } from '../../rule.ts';
import { isContained, listed } from '../agent-rule.ts';
import { commandStep, workflow } from '../example.ts';
import { insertFix, replaceFix, textAt } from '../fixes.ts';
import { denyRules } from './granted.ts';

const allowing = (options: string) => workflow(commandStep(`claude -p "Fix the open issue" --max-turns 20 ${options}`));

const MEANING: RuleDescriptor = {
  id: 'AGT010',
  name: 'permission-pattern-misread',
  title: 'Permission pattern does not mean what it says',
  what: 'A permission rule that matches nothing in the measured versions, or more than it seems to: `:*` in the middle, blanks inside the parentheses, `Bash(command:…)`, `Write(path)`, one leading slash, `mcp__server(*)`, `WebFetch(host)`, `Bash(ls*)`, `domain:*example.test`; and an approval of which a denial leaves nothing.',
  why: 'A dead deny rule protects nothing. A dead allow rule makes the agent stop, and people answer by switching the prompts off. A loose one lets through what nobody meant.',
  sources: ['Claude Code documentation, "Permissions"', 'Measured on Claude Code 2.1.197 and 2.1.329'],
  severity: 'medium',
  confidence: 'high',
  tier: 'regular',
  family: 'AGT',
  fix: 'safe',
  advice: 'Write the form that the message gives.',
  tags: ['CWE-697', 'CWE-1389'],
  attack: [allowing('--allowedTools "Read,Bash(make:*,git:*)"')],
  benign: [allowing('--allowedTools "Read,Bash(make lint),Bash(git diff:*)"')],
};

/** One list of rules in one place. */
interface RuleList {
  readonly product: ProductId;
  readonly use: RuleUse;
  readonly rules: readonly WrittenRule[];
  readonly subject: string;
  /** The list decides nothing here: everything runs, or a sandbox stands around the agent. */
  readonly idle: boolean;
  /** Rules in force that refuse, beside a list that approves. */
  readonly refusing: readonly string[];
}

/** AGT010 */
export const misreadPatterns: Rule = {
  ...MEANING,
  check: (facts) => [...runLists(facts), ...configurationLists(facts)].flatMap((list) => misread(list, facts)),
};

function runLists(facts: Facts): readonly RuleList[] {
  return facts.runs.flatMap((run) => {
    const { invocation, job } = run;
    const own = (rules: readonly WrittenRule[]) =>
      rules.filter(({ place }) => place.span.start !== invocation.place.span.start);
    const subject = `${job.id} ${invocation.product}`;
    const contained = isContained(run);
    const bypass = invocation.mode === 'bypass';
    return [
      {
        product: invocation.product,
        use: 'allow' as const,
        rules: own(invocation.allow),
        subject,
        idle: contained || bypass,
        refusing: denyRules(run).map(({ text }) => text),
      },
      {
        product: invocation.product,
        use: 'deny' as const,
        rules: own(invocation.deny),
        subject,
        idle: contained,
        refusing: [],
      },
    ];
  });
}

function configurationLists(facts: Facts): readonly RuleList[] {
  return facts.configurations.filter(isActive).flatMap(({ product, allow, deny, ask, file }) => {
    if (product === 'any') return [];
    const list = (use: RuleUse, rules: readonly WrittenRule[]) => ({
      product,
      use,
      rules,
      subject: file.path,
      idle: false,
      refusing: use === 'allow' ? deny.map(({ text }) => text) : [],
    });
    return [list('allow', allow), list('deny', [...deny, ...ask])];
  });
}

function isActive({ role }: AgentConfiguration): boolean {
  return role === 'active' || role === 'local' || role === 'managed';
}

function misread(list: RuleList, facts: Facts): readonly FindingDraft[] {
  const { whole, torn } = joinTorn(list.rules);
  return [
    ...tornFinding(torn, list, facts),
    ...whole.filter(isWritten).flatMap((rule) => misreadRule(rule, list, facts)),
  ];
}

/** What an expression puts into a rule, or right behind it, is not known here. */
function isWritten({ text }: WrittenRule): boolean {
  return !text.includes('${{');
}

/** Rules that the command line took apart at their blanks, put together again. */
function joinTorn(rules: readonly WrittenRule[]) {
  const whole: WrittenRule[] = [];
  const torn: WrittenRule[] = [];
  let open: WrittenRule | undefined;
  for (const rule of rules) {
    if (open === undefined && /^[A-Za-z_]\w*\([^)]*$/.test(rule.text)) open = rule;
    else if (open !== undefined) {
      const span = { start: open.place.span.start, end: rule.place.span.end };
      open = { text: `${open.text} ${rule.text}`, place: { file: open.place.file, span } };
      if (!rule.text.endsWith(')')) continue;
      torn.push(open);
      open = undefined;
    } else whole.push(rule);
  }
  return { whole: open === undefined ? whole : [...whole, open], torn };
}

function tornFinding(torn: readonly WrittenRule[], list: RuleList, facts: Facts): readonly FindingDraft[] {
  const [first] = torn;
  if (first === undefined) return [];
  const names = listed(torn.map(({ text }) => text));
  return [
    {
      rule: MEANING.id,
      message: `${names} ${torn.length > 1 ? 'are' : 'is'} not quoted, so the command line falls apart at the blanks and the ${torn.length > 1 ? 'rules match' : 'rule matches'} nothing`,
      detail: `${deadDetail(list.use)} Put the whole list in quotes.`,
      severity: list.idle ? 'low' : 'medium',
      confidence: 'high',
      place: first.place,
      subject: `${list.subject} ${list.use} ${torn.map(({ text }) => text).join(',')}`,
      fixes: quoteFix(list, facts),
    },
  ];
}

/** The whole list in quotes, where no other quotes stand on its line. */
function quoteFix({ rules, use }: RuleList, facts: Facts): readonly Fix[] {
  const [first] = rules;
  const last = rules.at(-1);
  if (first === undefined || last === undefined || first.place.file !== last.place.file) return [];
  const text = facts.source(first.place.file)?.text ?? '';
  const span = { start: first.place.span.start, end: last.place.span.end };
  const line = text.slice(text.lastIndexOf('\n', span.start) + 1, text.indexOf('\n', span.end));
  if (/["'\n]/.test(line)) return [];
  const quoted = `"${text.slice(span.start, span.end)}"`;
  return [replaceFix('Quote the list', { file: first.place.file, span }, quoted, use === 'deny' ? 'safe' : 'unsafe')];
}

function misreadRule(
  rule: WrittenRule,
  { product, use, subject, idle, refusing }: RuleList,
  facts: Facts,
): readonly FindingDraft[] {
  const meaning = analyseRule(product, rule.text, use);
  const fault =
    meaning.dead ?? (use === 'allow' && isSeriouslyLoose(meaning.command?.words) ? meaning.loose : undefined);
  if (fault === undefined) return shadowed(rule, { product, use, subject, refusing });
  const dead = meaning.dead !== undefined;
  const instead = meaning.rewrite === undefined ? '' : `; write \`${meaning.rewrite}\``;
  const severity: Severity = dead && !idle ? 'medium' : 'low';
  const written =
    textAt(facts, rule.place) === rule.text && meaning.rewrite !== undefined && !meaning.rewrite.includes(', ');
  return [
    {
      rule: MEANING.id,
      message: `\`${rule.text}\` ${dead ? 'matches nothing' : 'matches more than it says'}: ${fault}${instead}`,
      detail: dead ? deadDetail(use) : 'The rule approves commands that its author did not think of.',
      severity,
      confidence: 'high',
      place: rule.place,
      subject: `${subject} ${use} ${rule.text}`,
      fixes: written
        ? [
            replaceFix(
              'Write the form that works',
              rule.place,
              meaning.rewrite ?? '',
              dead && use === 'allow' ? 'unsafe' : 'safe',
            ),
          ]
        : [],
    },
  ];
}

/** An approval of which a denial leaves nothing: whoever reads the list believes that the agent may do it. */
function shadowed(
  rule: WrittenRule,
  { product, use, subject, refusing }: Pick<RuleList, 'product' | 'use' | 'subject' | 'refusing'>,
): readonly FindingDraft[] {
  const shadow = use === 'allow' ? shadowOf(product, rule.text, refusing) : undefined;
  if (shadow === undefined) return [];
  return [
    {
      rule: MEANING.id,
      message: `\`${rule.text}\` approves nothing: \`${shadow}\` refuses all of it first`,
      detail:
        'A rule that refuses beats every rule that approves, however exact that one is. One of the two is not meant.',
      severity: 'low',
      confidence: 'high',
      place: rule.place,
      subject: `${subject} ${use} ${rule.text}`,
    },
  ];
}

function deadDetail(use: RuleUse): string {
  return use === 'deny'
    ? 'The rule looks like a protection and is none: what it names is still allowed by whatever else allows it.'
    : 'What the rule names is still refused in an unattended run, silently. The usual answer is to switch the prompts off, which gives everything away for the sake of one pattern.';
}

/** A loose end matters where it continues the program's name; behind a sub-command hardly anything begins like it. */
function isSeriouslyLoose(words: readonly string[] | undefined): boolean {
  return words === undefined || words.length === 1;
}

const HOLES: RuleDescriptor = {
  id: 'AGT011',
  name: 'deny-list-hole',
  title: 'Hole in a deny list',
  what: 'A deny rule names one way to do a thing, and another rule lets the same thing happen in other words: `gh api -X` and the implicit POST of `gh api -f`, `curl` and `python3`, `Read(.env)` and `git show`, WebFetch and `curl`.',
  why: 'Deny rules compare words. Measured: of 178 ways to wrap a command, 127 got past a deny rule of the newest version.',
  sources: ['Measured on Claude Code 2.1.329', 'anthropics/claude-code#92542, #39601, #28008'],
  severity: 'medium',
  confidence: 'medium',
  tier: 'regular',
  family: 'AGT',
  fix: 'unsafe',
  advice:
    'Turn the list round: allow what is needed and refuse the rest. Where a deny list must stay, add the ways that the message names.',
  tags: ['CWE-184', 'CWE-697'],
  attack: [allowing('--allowedTools "Read,Bash(gh api *)" --disallowedTools "Bash(gh api -X*)"')],
  benign: [allowing('--allowedTools "Read,Bash(gh pr view *)" --disallowedTools "Bash(gh api -X*)"')],
};

/** AGT011 */
export const denyListHoles: Rule = {
  ...HOLES,
  check: (facts) => [
    ...facts.runs.flatMap((run) => holesOfRun(run, facts)),
    ...facts.configurations.filter(isActive).flatMap((file) => holesOfFile(file, facts)),
  ],
};

function holesOfRun(run: AgentRun, facts: Facts): readonly FindingDraft[] {
  const { invocation } = run;
  // Without prompts the shell is open, unless the list denies it whole.
  const shell = invocation.mode === 'bypass' && !invocation.deny.some(({ text }) => /^bash(?:\(\*\))?$/i.test(text));
  const everything = shell ? [{ text: 'Bash', place: invocation.place }] : [];
  const allow = [...invocation.allow, ...everything];
  return holes(invocation.product, denyRules(run), allow, `${run.job.id} ${invocation.product}`, facts);
}

function holesOfFile({ product, deny, allow, file }: AgentConfiguration, facts: Facts): readonly FindingDraft[] {
  return product === 'any' ? [] : holes(product, deny, allow, file.path, facts);
}

function holes(
  product: ProductId,
  deny: readonly WrittenRule[],
  allow: readonly WrittenRule[],
  subject: string,
  facts: Facts,
): readonly FindingDraft[] {
  const found = denyHoles(product, deny, allow);
  const [first] = found;
  const place = deny.find(({ text }) => text === first?.deny)?.place;
  if (first === undefined || place === undefined) return [];
  const add = found.flatMap((hole) => (textAt(facts, place) === hole.deny ? hole.add : []));
  return [
    {
      rule: HOLES.id,
      message: `The deny list has ${found.length === 1 ? 'a hole' : `${found.length} holes`}: ${first.example}, despite \`${first.deny}\``,
      detail: `${found
        .map((hole) => `${hole.example}, through \`${hole.through}\``)
        .slice(0, 5)
        .join('; ')}. Denied: ${listed(found.map((hole) => hole.deny))}.`,
      severity: HOLES.severity,
      confidence: HOLES.confidence,
      place,
      subject: `${subject} ${found.map((hole) => hole.deny).join(',')}`,
      fixes:
        add.length > 0 && !subject.includes('/')
          ? [insertFix('Deny the other ways too', place, `,${add.join(',')}`, 'unsafe', 'end')]
          : [],
    },
  ];
}
