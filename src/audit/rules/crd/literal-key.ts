import type { Facts } from '../../../facts/index.ts';
import type { FindingDraft, Fix } from '../../../findings/index.ts';
import type { Place, SourceFile } from '../../../syntax/index.ts';
import { findInventedKeys, findLiteralKeys, isPlaceholder, type LiteralKey, showKey } from '../../../text/index.ts';
import type { Rule } from '../../rule.ts';
import { isCredentialName } from '../credential-name.ts';
import { workflow } from './examples.ts';

/** Put together here so that no scanner takes the example for a key. */
const EXAMPLE_KEY = [
  'sk-ant-api03',
  'Zq7mT2vK9xLr4Wc8Nf1Hb6Jd3Ps5Gy0aEuQi',
  'Rw2Xt7Bn4Mv9Kc6Lj1Hz8Fd5Sg3Po0YeUiTa',
  'Vx4Qb8Nw1Rm6CAA',
].join('-');

/** CRD015. ENV, ARG and labels of container files are CT002. */
export const literalKey: Rule = {
  id: 'CRD015',
  name: 'literal-key-in-configuration',
  title: 'A key is written into a file of the repository',
  what: 'A pipeline, a configuration of an agent or a container file holds a text with the shape of a key, or a long random value under the name of a credential.',
  why: 'Everybody who can read the repository, its forks and its history has the key, and so has every agent that reads the file.',
  sources: ['CWE-798', 'Formats of the vendors; GitHub secret scanning partners'],
  severity: 'critical',
  confidence: 'high',
  tier: 'regular',
  family: 'CRD',
  fix: 'unsafe',
  advice: 'Rotate the key now: removing it from the file does not take it back. Then refer to a secret or a variable.',
  tags: ['CWE-798', 'CWE-312', 'OWASP-CICD-SEC-6'],
  attack: [
    {
      file: '.mcp.json',
      text: `{ "mcpServers": { "search": { "command": "search-server", "env": { "ANTHROPIC_API_KEY": "${EXAMPLE_KEY}" } } } }\n`,
    },
  ],
  benign: [
    ...workflow(),
    {
      file: '.mcp.json',
      text: `{ "mcpServers": { "search": { "command": "search-server", "env": { "ANTHROPIC_API_KEY": "\${ANTHROPIC_API_KEY}", "OTHER_API_KEY": "sk-ant-your-key-here-xxxxxxxx" } } } }\n`,
    },
  ],
  check: (facts) => {
    const files = filesOf(facts);
    return files.flatMap((read) => [...shapedKeys(facts, read), ...inventedKeys(facts, read), ...namedValues(read)]);
  },
};

/** A value under a name, wherever the file puts it. */
interface NamedValue {
  readonly name: string;
  readonly value: string;
  readonly place: Place;
}

interface ReadFile {
  readonly file: SourceFile;
  readonly kind: 'configuration' | 'pipeline' | 'container';
  readonly named: readonly NamedValue[];
  /** Ranges that another rule speaks of. */
  readonly covered: readonly Place[];
}

function filesOf(facts: Facts): readonly ReadFile[] {
  const files = new Map<string, ReadFile>();
  const add = (one: ReadFile): void => {
    const known = files.get(one.file.path);
    files.set(one.file.path, known === undefined ? one : { ...known, named: [...known.named, ...one.named] });
  };
  for (const { file, environment, servers } of facts.configurations) {
    const named = [...environment, ...servers.flatMap((server) => [...server.environment, ...server.headers])];
    add({ file, kind: 'configuration', named, covered: [] });
  }
  for (const { file } of facts.pipelines) add({ file, kind: 'pipeline', named: [], covered: [] });
  for (const { file, containers } of facts.containers) {
    const entries = containers.flatMap(({ environment, buildArguments, labels }) => [
      ...environment,
      ...buildArguments,
      ...labels,
    ]);
    add({ file, kind: 'container', named: [], covered: entries.map(({ value }) => value.place) });
  }
  return [...files.values()];
}

function shapedKeys(facts: Facts, { file, kind, covered, named }: ReadFile): readonly FindingDraft[] {
  const text = facts.source(file.path)?.text ?? file.text;
  return findLiteralKeys(text).flatMap((key) => {
    if (key.name === 'private key' && !PRIVATE_KEY_BODY.test(text.slice(key.end, key.end + 200))) return [];
    if (covered.some(({ span }) => span.start <= key.start && key.end <= span.end)) return [];
    if (key.confidence === 'low' && (kind !== 'configuration' || isHarmless(text.slice(key.start, key.end)))) return [];
    const place = { file: file.path, span: { start: key.start, end: key.end } };
    const holder = named.find(({ place: at }) => at.span.start <= key.start && key.end <= at.span.end);
    return [
      {
        rule: 'CRD015',
        message: `${file.path} holds a literal ${key.name}: ${key.shown}`,
        severity: severityOf(key),
        confidence: key.confidence,
        place,
        subject: `${key.name} ${holder?.name ?? ''}`,
        fixes: holder === undefined ? [] : fixesFor(file, kind, holder.name, place),
      },
    ];
  });
}

/** Behind the first line of a key come its letters, or what they are encrypted with; a text about keys has only the line. */
const PRIVATE_KEY_BODY = /^(?:[\s"'`+,>|]|\\[nr]){1,60}(?:[A-Za-z0-9+/]{16}|Proc-Type:|DEK-Info:|Comment:)/;

/** A made-up key in a configuration that is in force: nothing is lost yet, but the next key will stand there. */
function inventedKeys(facts: Facts, { file, kind }: ReadFile): readonly FindingDraft[] {
  if (kind !== 'configuration') return [];
  const text = facts.source(file.path)?.text ?? file.text;
  return findInventedKeys(text).map((key) => ({
    rule: 'CRD015',
    message: `${file.path} holds a text in the form of a ${key.name} that looks made up: ${key.shown}`,
    severity: 'low',
    confidence: 'low',
    place: { file: file.path, span: { start: key.start, end: key.end } },
    subject: `made up ${key.name}`,
  }));
}

function severityOf({ confidence }: LiteralKey): FindingDraft['severity'] {
  return confidence === 'high' ? 'critical' : confidence === 'medium' ? 'high' : 'medium';
}

/** Addresses of a machine's own test services. */
function isHarmless(address: string): boolean {
  return /:(?:password|postgres|root|test|admin|secret|guest|mysql|redis|user|pass|dev)[^:@]{0,4}@$/i.test(address);
}

/** `.mcp.json` puts variables in by `${NAME}`; a settings file does not, so there is no edit that keeps it working. */
function fixesFor(file: SourceFile, kind: ReadFile['kind'], name: string, place: Place): readonly Fix[] {
  if (kind !== 'configuration' || !/(?:^|\/)(?:\.mcp\.json|mcp\.json)$/.test(file.path)) return [];
  const variable = name.toUpperCase().replace(/[^A-Z0-9_]/g, '_');
  const text = `\${${variable === 'AUTHORIZATION' ? 'MCP_TOKEN' : variable}}`;
  return [{ title: `Refer to ${text}; rotate the key`, safety: 'unsafe', edits: [{ ...place, text }], creates: [] }];
}

/** A long mixed value under the name of a credential: no vendor's shape, but hardly anything else. */
function namedValues({ file, named }: ReadFile): readonly FindingDraft[] {
  return named.flatMap(({ name, value, place }) => {
    if (!isCredentialName(name) && !/^authorization$|[a-z]_key$/i.test(name)) return [];
    const bare = value.replace(/^(?:Bearer|Basic|token)\s+/i, '');
    if (findLiteralKeys(value).length > 0 || findInventedKeys(value).length > 0) return [];
    const random = looksRandom(bare);
    if (!random && !looksChosen(bare)) return [];
    return [
      {
        rule: 'CRD015',
        message: `${file.path} holds a literal value for ${name}: ${showKey(bare)}`,
        severity: random ? 'medium' : 'low',
        confidence: 'low',
        place,
        subject: `value ${name}`,
      },
    ];
  });
}

/** Long, without blanks or variables, of at least two kinds of characters, and no placeholder. */
function looksRandom(value: string): boolean {
  if (value.length < 20 || /[\s${}<>]|:\/\//.test(value) || isPlaceholder(value)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/].filter((kind) => kind.test(value)).length;
  return kinds >= 2 && /[0-9]/.test(value);
}

/** A password as people choose them: letters and digits in one word, or joined words, and no reference to the real one. */
function looksChosen(value: string): boolean {
  if (value.length < 8 || value.length > 200 || /[\s${}<>%]|^[a-z][\w+.-]*:|^[~./\\]/i.test(value)) return false;
  if (/your|example|placeholder|change|xxx|\*\*\*|here$|token|none|null|true|false/i.test(value)) return false;
  const joined = value.length >= 12 && /^[A-Za-z]+(?:[-_][A-Za-z]+)+$/.test(value);
  return joined || (/[A-Za-z]/.test(value) && /[0-9]/.test(value));
}
