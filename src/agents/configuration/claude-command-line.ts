import { entriesOf, type Node, nodeAt, type Place, scalarAt, scalarsOf } from '../../syntax/index.ts';
import type { GivenText } from '../invocation/invocation.ts';
import { givenLeftOut } from './claude-left-out.ts';
import type { EffectiveFact } from './effective.ts';
import type { EffectiveInput } from './effective-input.ts';
import { readServers } from './mcp-servers.ts';

/** What `--settings` (or an action's `settings` input) says. It stands above everything the repository says. */
export interface InlineSettings {
  readonly disableAllHooks: boolean | undefined;
  readonly environment: ReadonlySet<string>;
  readonly mode: { readonly text: string; readonly place: Place } | undefined;
  readonly disablesBypass: boolean;
  readonly allow: readonly { readonly text: string; readonly place: Place }[];
  readonly deny: readonly { readonly text: string; readonly place: Place }[];
  /** Settings that Claude Code reads and then does not use, and why. */
  readonly leftOut: readonly (Pick<EffectiveFact, 'inForce' | 'why'> & { readonly place: Place })[];
  /** Settings were given that cannot be read here. */
  readonly unread: readonly Place[];
}

/** Read the settings that the invocation names: inline JSON, or a file of the tree. */
export function readInlineSettings(input: EffectiveInput): InlineSettings {
  const given = input.invocation.settings.map((text) => ({ text, ...settingsOf(text, input) }));
  const leftOut = given.flatMap(({ text, source }) => {
    const answer = source === undefined ? undefined : givenLeftOut(source, input.version);
    return answer === undefined ? [] : [{ ...answer, place: text.place }];
  });
  // Rules and modes of inline JSON are among those of the invocation already.
  const roots = given.flatMap(({ text, root }) =>
    root === undefined ? [] : [{ root, place: text.place, inline: text.text.trim().startsWith('{') }],
  );
  const named = roots.filter(({ inline }) => !inline);
  const rules = (list: string): InlineSettings['allow'] =>
    named.flatMap(({ root, place }) =>
      scalarsOf(nodeAt(root, 'permissions', list)).map((rule) => ({ text: rule.text, place })),
    );
  const last = (...route: readonly string[]): { text: string; place: Place; value: unknown } | undefined =>
    roots
      .filter(({ place }) => used(place))
      .flatMap(({ root, place }) => {
        const found = scalarAt(root, ...route);
        return found === undefined ? [] : [{ text: found.text, value: found.value, place }];
      })
      .at(-1);
  const used = (place: Place): boolean => !leftOut.some((one) => one.place === place);
  const disabled = last('disableAllHooks')?.value;
  return {
    disableAllHooks: typeof disabled === 'boolean' ? disabled : undefined,
    environment: new Set(
      roots
        .filter(({ place }) => used(place))
        .flatMap(({ root }) => entriesOf(nodeAt(root, 'env')).map((entry) => entry.key.text)),
    ),
    mode: named.length > 0 ? last('permissions', 'defaultMode') : undefined,
    disablesBypass: last('permissions', 'disableBypassPermissionsMode')?.text === 'disable',
    allow: rules('allow'),
    deny: rules('deny'),
    leftOut,
    unread: given.filter(({ root }) => root === undefined).map(({ text }) => text.place),
  };
}

function rootOf(given: GivenText, input: EffectiveInput): Node | undefined {
  return settingsOf(given, input).root;
}

/** Inline JSON, or that of a file of the tree, with its text. */
function settingsOf(
  given: GivenText,
  input: EffectiveInput,
): { readonly root: Node | undefined; readonly source: string | undefined } {
  const text = given.text.trim();
  if (text.startsWith('{')) return { root: input.readers.json({ path: given.place.file, text }).root, source: text };
  const file = text === '' ? undefined : input.read(text.replace(/^\.\//, ''));
  return { root: file === undefined ? undefined : input.readers.json(file).root, source: file?.text };
}

/** Rules, tool lists and servers that the command line itself brings; the change under review has no hand in them. */
export function commandLineFacts(input: EffectiveInput, inline: InlineSettings): readonly EffectiveFact[] {
  const { invocation } = input;
  const bypass = invocation.mode === 'bypass';
  const allow = [...invocation.allow, ...inline.allow];
  const grants = bypass
    ? { inForce: 'no' as const, why: 'with permission prompts off everything is allowed that no deny rule names' }
    : { inForce: 'yes' as const, why: 'it stands on the command line' };
  return [
    ...allow.map((rule) => {
      const { inForce, why } = notUsed(rule.place, inline) ?? grants;
      return given(`allow ${rule.text}`, 'allow', inForce, why, rule.place);
    }),
    ...[...invocation.deny, ...inline.deny].map((rule) => {
      const { inForce, why } = notUsed(rule.place, inline) ?? DENIES;
      return given(`deny ${rule.text}`, 'deny', inForce, why, rule.place);
    }),
    ...(invocation.restrictTo ?? []).map((rule) =>
      given(`tool ${rule.text}`, 'tools', 'yes', 'only the tools of `--tools` exist in this run', rule.place),
    ),
    ...inline.unread.map((place) =>
      given('settings', 'environment', 'unknown', 'the settings it names are not in the repository', place),
    ),
    ...invocation.mcpConfigurations.flatMap((text) => serversOf(text, input)),
  ];
}

const DENIES = { inForce: 'yes', why: 'deny rules count in every mode' } as const;

/** What became of the settings that a rule stands in. */
function notUsed({ file, span }: Place, { leftOut }: InlineSettings): InlineSettings['leftOut'][number] | undefined {
  return leftOut.find(
    ({ place }) => place.file === file && place.span.start <= span.start && span.end <= place.span.end,
  );
}

function serversOf(text: GivenText, input: EffectiveInput): readonly EffectiveFact[] {
  const root = rootOf(text, input);
  const why = '`--mcp-config` names it';
  if (root === undefined)
    return [given('mcp servers', 'mcp', 'unknown', `${why}, and its file is not in the repository`, text.place)];
  return readServers(root, 'mcp', text.place.file).map((server) =>
    given(`mcp server ${server.name}`, 'mcp', 'yes', why, text.place),
  );
}

function given(
  subject: string,
  kind: EffectiveFact['kind'],
  inForce: EffectiveFact['inForce'],
  why: string,
  place: Place,
): EffectiveFact {
  return { subject, kind, inForce, why, place, fromTree: false };
}
