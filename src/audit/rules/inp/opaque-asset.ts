import type { AgentConfiguration } from '../../../agents/index.ts';
import type { FindingDraft, RuleDescriptor, Severity } from '../../../findings/index.ts';
import type { SourceFile, Span } from '../../../syntax/index.ts';
import type { Rule } from '../../rule.ts';
import { file } from './examples.ts';

const OPAQUE_ASSET: RuleDescriptor = {
  id: 'INP016',
  name: 'instructions-delegate-to-opaque-asset',
  title: 'An instruction file hands the order over to something that is not text',
  what: 'An instruction file, skill or agentic workflow tells the agent to follow what stands in an image, PDF, archive, binary or at an address.',
  why: 'Nobody reviews the words in a picture, and nobody sees when a page changes. The agent reads both and does what they say, in the name of a file that was reviewed.',
  sources: [
    'GhostCommit (July 2026): an order inside a PNG that AGENTS.md named',
    'OWASP Top 10 for LLM applications, LLM01 (multimodal injection)',
  ],
  severity: 'high',
  confidence: 'medium',
  tier: 'regular',
  family: 'INP',
  fix: 'none',
  advice: 'Write the instructions out as text in the repository, and keep pictures for people.',
  tags: ['CWE-1427', 'CWE-829'],
  attack: [file('AGENTS.md', '# Conventions\n\nEvery new module follows docs/build-spec.png\n')],
  benign: [
    file(
      'AGENTS.md',
      '# Conventions\n\nEvery new module follows docs/build-spec.md. See ![the overview](docs/overview.png).\n',
    ),
  ],
};

/** INP016 */
export const opaqueAsset: Rule = {
  ...OPAQUE_ASSET,
  check: (facts) => [
    ...facts.configurations.flatMap((configuration) => inConfiguration(configuration)),
    ...facts.pipelines
      .filter(({ role }) => role === 'agentic-source')
      .flatMap(({ file: source }) => inText(source, { start: 0, end: source.text.length })),
  ],
};

function inConfiguration({ file: source, instructions, kind }: AgentConfiguration): readonly FindingDraft[] {
  return instructions === undefined || kind === 'ignore' || kind === 'environment'
    ? []
    : inText(source, instructions.span);
}

/** Words by which a text hands its authority over; to look at something is not to obey it. */
const OBEYS =
  /\b(?:follow(?:s|ing)?|obey(?:s|ing)?|carry\s{1,3}out|comply\s{1,3}with|adhere(?:s)?\s{1,3}to|conform(?:s)?\s{1,3}to|(?:execute|perform|apply|do)\s{1,3}(?:the\s{1,3}|all\s{1,3}|every\s{1,3}|any\s{1,3}|what)?[^.\n]{0,40}?(?:instructions?|steps|orders|directives|says|stands)|instructions?\s{1,3}(?:in|from|at|inside|within)|(?:defined|described|specified|given|encoded)\s{1,3}(?:in|by|at))\b/i;
const REFUSES = /\b(?:never|not|don['’]t|refuse|ignore|untrusted|avoid)\b/i;
const ASSET =
  /(?:[\w./@-]{1,200}\.(?:png|jpe?g|gif|webp|bmp|tiff?|pdf|zip|tar|tgz|gz|xz|7z|bin|exe|dll|so|wasm|pyc|docx?|xlsx?|pptx?|mp[34])\b)(?![/\w])/i;
const ADDRESS = /\bhttps?:\/\/[^\s)>"'`\]]{1,300}/i;
const LONGEST_LINE = 2000;
const MOST_FOUND = 20;

/** Hosts whose pages are specifications that people name, not orders. */
const REFERENCES =
  /^https?:\/\/(?:www\.)?(?:[\w-]+\.)*(?:w3\.org|ietf\.org|rfc-editor\.org|semver\.org|conventionalcommits\.org|keepachangelog\.com|editorconfig\.org|wikipedia\.org|mozilla\.org|python\.org|peps\.python\.org|go\.dev|rust-lang\.org|nodejs\.org|typescriptlang\.org|learn\.microsoft\.com|docs\.[\w.-]+|[\w-]+\.readthedocs\.io)(?:\/|$)/i;

function inText(source: SourceFile, { start, end }: Span): readonly FindingDraft[] {
  const found: FindingDraft[] = [];
  let fenced = false;
  for (let at = start; at < end && found.length < MOST_FOUND; ) {
    const feed = source.text.indexOf('\n', at);
    const stop = feed < 0 || feed > end ? end : feed;
    const line = source.text.slice(at, Math.min(stop, at + LONGEST_LINE));
    if (/^\s{0,12}(?:```|~~~)/.test(line)) fenced = !fenced;
    else if (!fenced) found.push(...inLine(source, line, at));
    at = stop + 1;
  }
  return found;
}

function inLine(source: SourceFile, line: string, offset: number): readonly FindingDraft[] {
  const order = OBEYS.exec(line);
  if (order === null || REFUSES.test(line.slice(0, order.index + order[0].length))) return [];
  const from = order.index;
  const rest = line.slice(from);
  const asset = inSentence(ASSET.exec(rest), rest, order[0].length);
  const address = inSentence(ADDRESS.exec(rest), rest, order[0].length);
  if (asset !== null && (address === null || asset.index < address.index)) {
    return [draft(source, offset + from + asset.index, asset[0], 'a file that is not text', 'high')];
  }
  if (address === null || REFERENCES.test(address[0])) return [];
  // `Follow the X conventions (https://…)` names a standard; what is followed must be the page itself.
  const between = rest.slice(order[0].length, address.index);
  const named = /instructions?|steps|orders|directives|says/i.test(order[0] + between);
  return (named && between.length < 80) || (/follow|obey/i.test(order[0]) && between.trim() === '')
    ? [draft(source, offset + from + address.index, address[0], 'an address', 'medium')]
    : [];
}

/** In the same sentence as the order, and no picture that is only shown: `follow the steps in ![…](…)` is an order. */
function inSentence(match: RegExpExecArray | null, rest: string, from: number): RegExpExecArray | null {
  return match === null || /[.;!?]\s|(?<!\b(?:in|from|of|on|by|at|to)\s?)!\[/.test(rest.slice(from, match.index))
    ? null
    : match;
}

function draft(source: SourceFile, start: number, target: string, what: string, severity: Severity): FindingDraft {
  return {
    rule: 'INP016',
    message: `The agent is to follow ${what}: ${target}`,
    detail:
      severity === 'high'
        ? 'A reviewer reads the sentence and not the picture. Whoever can change the asset, in the same pull request or later, writes the order.'
        : 'Whoever runs that page writes the order, on any day and for this reader only if they like.',
    severity,
    confidence: 'medium',
    place: { file: source.path, span: { start, end: start + target.length } },
    subject: `follows ${target}`,
  };
}
