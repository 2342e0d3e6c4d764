import type { Place } from '../../syntax/index.ts';
import { assemble } from './assemble.ts';
import type { Invocation, ProductId } from './invocation.ts';
import type { PlacedText } from './placed-text.ts';
import { CLAUDE_MODES } from './products/claude-code.ts';
import { productRow } from './products/index.ts';
import type { Tag, Written } from './tag.ts';

interface SdkRow {
  readonly product: ProductId;
  /** Module names as they stand in an import. */
  readonly modules: readonly string[];
  /** Options of a call, with what they mean. */
  readonly options: readonly { readonly names: readonly string[]; readonly tag: Tag }[];
}

const CLAUDE_OPTIONS: SdkRow['options'] = [
  { names: ['permissionMode', 'permission_mode'], tag: 'mode' },
  { names: ['allowDangerouslySkipPermissions'], tag: 'bypass' },
  { names: ['model'], tag: 'model' },
  { names: ['maxTurns', 'max_turns'], tag: 'turns' },
  { names: ['allowedTools', 'allowed_tools'], tag: 'tools-allow' },
  { names: ['disallowedTools', 'disallowed_tools'], tag: 'tools-deny' },
  { names: ['settingSources', 'setting_sources'], tag: 'sources' },
];

const SDKS: readonly SdkRow[] = [
  {
    product: 'claude-code',
    modules: ['@anthropic-ai/claude-agent-sdk', '@anthropic-ai/claude-code', 'claude_agent_sdk', 'claude_code_sdk'],
    options: CLAUDE_OPTIONS,
  },
  {
    product: 'codex',
    modules: ['@openai/codex-sdk', 'openai_codex_sdk'],
    options: [{ names: ['sandboxMode'], tag: 'sandbox' }],
  },
  { product: 'copilot', modules: ['@github/copilot-sdk'], options: [] },
  { product: 'opencode', modules: ['@opencode-ai/sdk'], options: [] },
  { product: 'unknown', modules: ['@openai/agents', 'openai-agents', 'agents'], options: [] },
];

/** Longer scripts are read to here. */
const MOST_CHARACTERS = 512 * 1024;

/**
 * The agent that a script starts through a vendor's library, by a scan of its imports and of the options it names.
 * `place` is where the text stands; parts of it get a place of their own when the text stands there unchanged.
 */
export function recogniseSdk(text: string, place: Place): Invocation | undefined {
  const known = text.slice(0, MOST_CHARACTERS);
  for (const row of SDKS) {
    const at = importOf(known, row.modules);
    if (at === undefined) continue;
    const part = (start: number, end: number) => partOf(text, place, start, end);
    const product = productRow(row.product);
    const found = { via: 'sdk', place: part(at.start, at.end), spelled: at.module, version: undefined } as const;
    return assemble(product, found, optionsIn(known, row, part));
  }
  return undefined;
}

/** A statement that loads one of the modules. A mere mention in a comment or string is none. */
function importOf(text: string, modules: readonly string[]) {
  if (!modules.some((module) => text.includes(module) || text.includes(module.replaceAll('-', '_')))) return undefined;
  let start = 0;
  for (const line of text.split('\n')) {
    const statement = line.trim();
    for (const module of modules) {
      const python = module === 'agents' ? ['Agent', 'Runner'].some((name) => statement.includes(name)) : true;
      const loads =
        statement.startsWith(`import ${module.replaceAll('-', '_')}`) ||
        (python && statement.startsWith(`from ${module} import`)) ||
        (/^(?:import|export|const|let|var|\}|await)\b|^\}/.test(statement) && isQuoted(statement, module));
      if (loads) return { start: start + line.indexOf(statement), end: start + line.length, module };
    }
    start += line.length + 1;
  }
  return undefined;
}

function isQuoted(statement: string, module: string): boolean {
  return statement.includes(`'${module}'`) || statement.includes(`"${module}"`);
}

function optionsIn(text: string, row: SdkRow, part: (start: number, end: number) => Place): readonly Written[] {
  return row.options.flatMap(({ names, tag }) =>
    names.flatMap((name) => {
      const value = optionValue(text, name);
      if (value === undefined || value.text === 'false') return [];
      const placed: PlacedText = {
        text: value.text,
        complete: value.quoted,
        place: part(value.start, value.end),
        from: { kind: 'word', index: 0 },
        part: (start, end) => part(value.start + start, value.start + end),
      };
      const keyPlace = part(value.key, value.key + name.length);
      const meaning = tag === 'mode' && !(value.text in CLAUDE_MODES) ? 'other' : tag;
      return [{ tag: meaning, spelled: name, keyPlace, value: placed, builtIn: false }];
    }),
  );
}

/** `name: 'value'`, `name="value"`, `name: ['a', 'b']`. */
function optionValue(text: string, name: string) {
  const match = new RegExp(`\\b${name}["']?\\s{0,8}[:=]\\s{0,8}(["'\`]|\\[|true|false|\\d{1,9})`).exec(text);
  if (match === null) return undefined;
  const opener = match[1] ?? '';
  const behind = match.index + match[0].length;
  if (!/["'`[]/.test(opener)) {
    const start = behind - opener.length;
    return { text: opener, quoted: true, key: match.index, start, end: behind };
  }
  const end = text.indexOf(opener === '[' ? ']' : opener, behind);
  if (end < 0) return undefined;
  const raw = text.slice(behind, end);
  // The quotes of a list become blanks, so that every item keeps its place.
  const value = opener === '[' ? raw.replaceAll(/["'`]/g, ' ') : raw;
  return { text: value, quoted: !raw.includes('${'), key: match.index, start: behind, end };
}

function partOf(text: string, place: Place, start: number, end: number): Place {
  if (place.span.end - place.span.start !== text.length) return place;
  return { file: place.file, span: { start: place.span.start + start, end: place.span.start + end } };
}
