/**
 * Writes the parts of `docs/` that are made from code, so that they cannot drift from it.
 * `--check` writes nothing and exits 1 when a file differs. Links that lead nowhere and command lines that name an
 * option that there is not are errors in both. `--help` explains.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  FLAGS,
  type FlagRow,
  KNOWN_AGENTS,
  KNOWN_HOLES,
  PRODUCT_TRUST,
  type ProductTrust,
  REFUSED_BELOW,
  repositoryFilesOf,
  TOOLS,
} from '../src/agents/index.ts';
import * as attest from '../src/attest/index.ts';
import { allRules } from '../src/audit/index.ts';
import { CONTROL_CLASSES } from '../src/controls/index.ts';
import { ERRORS, type ErrorEntry } from '../src/errors/index.ts';
import * as gate from '../src/gate/index.ts';
import * as ledger from '../src/ledger/index.ts';
import * as policy from '../src/policy/index.ts';
import { CODE_RULES } from '../src/taint/index.ts';
import { allCommands } from './all-commands.ts';
import { commandsPage } from './commands-page.ts';
import { controlsPage } from './controls-page.ts';
import { commandFaults, helpTextsOf, linkFaults, textsOf } from './docs-faults.ts';
import { outputPage } from './output-page.ts';
import { rulePage, rulesIndex } from './rule-pages.ts';

const ROOT = resolve(import.meta.dirname, '..');
const GENERATED = '<!-- made by scripts/generate-docs.ts from the code; change the code, not this page -->';

const EXIT_MEANING = {
  1: 'blocked by findings or policy',
  2: 'usage or configuration',
  3: 'incomplete',
  4: 'internal',
  143: 'cancelled',
} as const;

/** A page that is made whole, or a page of a person's with one made part between markers. */
type Page =
  | { readonly path: string; readonly whole: string }
  | { readonly path: string; readonly part: string; readonly content: string };

async function pages(): Promise<readonly Page[]> {
  const rules = [...allRules().values(), ...CODE_RULES];
  return [
    { path: 'docs/errors.md', whole: errorsPage() },
    { path: 'docs/agents.md', whole: agentsPage() },
    { path: 'docs/commands.md', whole: await commandsPage(GENERATED) },
    { path: 'docs/output.md', whole: await outputPage(GENERATED) },
    { path: 'docs/controls.md', whole: controlsPage(CONTROL_CLASSES, GENERATED) },
    { path: 'docs/rules/README.md', whole: rulesIndex(rules, GENERATED) },
    ...rules.map((rule) => ({ path: `docs/rules/${rule.id}.md`, whole: rulePage(rule, GENERATED) })),
    ...(await partOf('docs/policy.md', 'policy-reference', policy, 'renderPolicyReference')),
    ...(await partOf('docs/gate.md', 'gate-reasons', gate, 'renderGateReasons')),
    ...(await partOf('docs/formats/ledger.md', 'record-kinds', ledger, 'renderRecordKinds')),
    ...(await partOf('docs/approvals.md', 'refusals', attest, 'renderRefusals')),
  ];
}

/** A room that describes itself exports a function that renders its part. */
async function partOf(path: string, part: string, room: object, name: string): Promise<readonly Page[]> {
  const render: unknown = Object.entries(room).find(([exported]) => exported === name)?.[1];
  if (typeof render !== 'function') return [];
  return [{ path, part, content: String(await render()) }];
}

function errorsPage(): string {
  const rows = Object.entries<ErrorEntry>(ERRORS).map(([code, { title, exit, advice }]) => {
    return [`## ${code}`, '', `**${title}** — exit code ${exit} (${EXIT_MEANING[exit]}).`, '', advice, ''].join('\n');
  });
  const opening = 'Every error has a code that stays, says where it is, and what to do about it.';
  return ['# Errors', '', GENERATED, '', opening, '', ...rows].join('\n');
}

function agentsPage(): string {
  return [
    '# Agents',
    '',
    GENERATED,
    '',
    'How each agent is started so that nothing of the repository configures it, and what becomes of the flags you write.',
    '',
    '## Claude Code',
    '',
    `Versions below ${REFUSED_BELOW} are refused unless \`--allow-vulnerable-agent\` is given. A later version with known`,
    'holes starts, and the report names each hole with the wall that holds in its place:',
    '',
    markdownTable(
      ['fixed in', 'hole', 'what holds'],
      KNOWN_HOLES.map((row) => [row.fixedIn, row.hole, row.wall]),
    ),
    '### Flags',
    '',
    markdownTable(['flag', 'what becomes of it'], FLAGS.map(flagCells)),
    'A flag that is not in this table is refused.',
    '',
    '### Tools',
    '',
    'The policy decides on each call. Offered to the model at all are:',
    '',
    markdownTable(
      ['tool', 'offered', 'judged by'],
      TOOLS.map((row) => [row.names.map(code).join(', '), row.offered ? 'yes' : 'no', judgedBy(row)]),
    ),
    '## Other agents',
    '',
    'Any other command runs through the generic adapter. These are recognised:',
    '',
    markdownTable(
      ['agent', 'configuration in the repository', 'flags never handed on', 'added', 'remarks'],
      KNOWN_AGENTS.map((agent) => [
        agent.title,
        repositoryFilesOf(agent.product).map(code).join(' '),
        agent.forbiddenFlags.map(code).join(' '),
        [
          ...agent.addedFlags.map(({ flags }) => flags.join(' ')),
          ...(agent.ownSandbox === undefined ? [] : [agent.ownSandbox.by.join(' ')]),
          ...Object.keys(agent.environment),
        ]
          .map(code)
          .join(' '),
        agent.notes.join('; '),
      ]),
    ),
    'Codex starts no command inside its own sandbox when that stands inside another one, so the sandbox it is asked for is',
    'left out: what it may write and reach is what the policy says. Gemini CLI ends at once in a folder that nobody',
    'trusted; `--skip-trust` lets it start and leaves the settings of the folder unread (0.40 or later).',
    '',
    '### What is obeyed of a repository',
    '',
    'What `sallyport audit` takes an unattended run to obey of the files of a repository. Where the pipeline names a version',
    'that is older than the gate, the audit reads it as that version. A kind that is in neither column is unknown, and',
    'counts as obeyed.',
    '',
    markdownTable(
      ['agent', 'said in the pipeline', 'obeyed', 'not obeyed', 'source'],
      PRODUCT_TRUST.flatMap(trustRows),
    ),
    '### An agent whose model API is not brokered',
    '',
    'Name the host of its API and its key in the policy. The agent gets a placeholder under the name of the key; the',
    'broker puts the real one in on the way to that host and nowhere else. Tool calls are not seen on the wire then: the',
    'sandbox, the file plane and the network plane are the wall. Without a host in the policy the run stops with `SP1605`.',
    '',
    '```yaml',
    'version: 1',
    'network:',
    '  allow:',
    '    - { host: api.openai.com, methods: [POST, GET], paths: ["/v1/responses", "/v1/models"], tls: inspect }',
    'secrets:',
    '  - name: OPENAI_API_KEY',
    '    env: CODEX_API_KEY',
    '    from: { env: OPENAI_API_KEY }',
    '    hosts: ["api.openai.com:443"]',
    '    header: authorization',
    '```',
    '',
    '```',
    "sallyport run --policy sallyport.yaml -- codex exec 'Correct the arithmetic in src/sum.js'",
    '```',
    '',
    markdownTable(
      ['agent', 'its model API is usually at', 'its key'],
      KNOWN_AGENTS.flatMap(({ title, provider }) =>
        provider === undefined ? [] : [[title, provider.hosts.map(code).join(' '), code(provider.key)]],
      ),
    ),
  ].join('\n');
}

/** One row for each state of trust that a product knows. */
function trustRows(row: ProductTrust): readonly (readonly string[])[] {
  const kinds = (obeyed: ProductTrust['untrusted'], answer: string): string =>
    Object.entries(obeyed)
      .flatMap(([kind, inForce]) => (inForce === answer ? [kind] : []))
      .join(', ');
  const cells = (said: string, obeyed: ProductTrust['untrusted']): readonly string[] => [
    row.product,
    said,
    kinds(obeyed, 'yes'),
    kinds(obeyed, 'no'),
    row.source,
  ];
  const { older } = row;
  return [
    cells('nothing', row.untrusted),
    ...row.states.map(({ flags = [], variables = [], obeyed }) =>
      cells(
        [...flags, ...variables.map(({ name, exactly }) => (exactly === undefined ? name : `${name}=${exactly}`))]
          .map(code)
          .join(', '),
        obeyed,
      ),
    ),
    ...(older === undefined
      ? []
      : [
          cells(
            `a version up to ${older.upTo}${older.modes === undefined ? '' : ', with a sandbox that lets it write'}`,
            older.obeyed,
          ),
        ]),
  ];
}

function flagCells(row: FlagRow): readonly string[] {
  const fate = {
    keep: 'kept',
    drop: 'left out',
    refuse: 'stops the run',
    settings: 'only its permission rules are kept, and only when it is inline JSON',
    allow: 'kept: only what it lists is approved in advance',
    deny: 'kept: what it lists is denied by the agent itself as well',
    tools: 'kept: narrows the tools that are offered',
    mode: 'kept where it narrows; bypassing and `auto` become approval in advance of what the policy may allow',
    bypass: 'replaced: every offered tool is approved in advance, the policy decides on each call',
    ours: 'always on',
  }[row.treatment];
  return [row.names.map(code).join(', '), row.because === undefined ? fate : `${fate}: ${row.because}`];
}

function judgedBy(row: (typeof TOOLS)[number]): string {
  const fields = [
    row.command === undefined ? '' : 'its command',
    row.reads === undefined ? '' : 'the path it reads',
    row.writes === undefined ? '' : 'the path it writes',
    row.urls === undefined ? '' : 'the address',
  ].filter((field) => field !== '');
  return fields.length === 0 ? 'its name' : fields.join(', ');
}

function code(text: string): string {
  return `\`${text}\``;
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
}

/** The page's text as it should be; undefined when the markers of its part are missing. */
function expectedText(page: Page, current: string): string | undefined {
  if ('whole' in page) return `${page.whole.trimEnd()}\n`;
  const [open, close] = markers(page.part);
  const start = current.indexOf(open);
  const end = current.indexOf(close);
  if (start < 0 || end < start) return undefined;
  return `${current.slice(0, start + open.length)}\n\n${page.content.trim()}\n\n${current.slice(end)}`;
}

function markers(part: string): readonly [string, string] {
  return [`<!-- begin ${part} -->`, `<!-- end ${part} -->`];
}

/** Brings one page in step, or only says that it is not; undefined when there was nothing to do. */
function settle(page: Page, checkOnly: boolean): string | undefined {
  const file = join(ROOT, page.path);
  const current = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const expected = expectedText(page, current);
  if (expected === current) return undefined;
  if (expected === undefined)
    return `${page.path}: the lines ${'part' in page ? markers(page.part).join(' and ') : ''} are missing`;
  if (checkOnly) return `${page.path}: differs from the code; run: node scripts/generate-docs.ts`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, expected);
  return undefined;
}

/** What people write by hand: their pages, and the examples of the help texts. */
async function faults(): Promise<readonly string[]> {
  const commands = await allCommands();
  const texts = [...textsOf(ROOT), ...helpTextsOf(commands)];
  return [...linkFaults(ROOT, 'README.md'), ...texts.flatMap((text) => commandFaults(text, commands))];
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(
      'usage: node scripts/generate-docs.ts [--check]\nWrites (or checks) the pages of docs/ made from code, and checks links and command lines of all.',
    );
    return 0;
  }
  const differences = (await pages()).flatMap((page) => settle(page, args.includes('--check')) ?? []);
  const complaints = [...differences, ...(await faults())];
  for (const complaint of complaints) console.error(complaint);
  return complaints.length > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
