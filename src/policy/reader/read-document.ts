import { SallyportError, type SourceLocation } from '../../errors/index.ts';
import { parseYaml, type YamlFile, type YamlPath } from '../../syntax/index.ts';
import type { Verdict } from '../action.ts';
import { isDate } from '../condition.ts';
import type {
  AllowList,
  AuditSection,
  FileOperation,
  FileRule,
  LabelSource,
  MergeRule,
  ModelRule,
  ModelSettings,
  NetworkRule,
  PolicyDocument,
  ReviewSection,
  RuleHead,
  SignedDemand,
  ToolRule,
} from '../document.ts';
import { compileGlob, GlobError } from '../glob.ts';
import { readIgnore } from './audit-section.ts';
import { defined } from './defined.ts';
import { EntryError } from './entry-error.ts';
import { readLimits } from './limits-section.ts';
import { describeMergeEntry, readMergeRequirement, readMergeSelection } from './merge-entry.ts';
import { readNetworkFields, readNetworkText } from './network-entry.ts';
import { parseSize } from './quantity.ts';
import { readDecision, readExclusion } from './review-section.ts';
import type { DocumentInput, RuleFields } from './schema.ts';
import { readTests } from './tests-section.ts';
import { readToolEntry, readToolGrant } from './tool-entry.ts';
import { validateDocument } from './validate.ts';

const EFFECTS: readonly Verdict[] = ['allow', 'ask', 'deny'];

/** Read a policy file's text into the intermediate form. @throws SallyportError SP1101, SP1801, SP1802 */
export async function readDocument(text: string, file: string): Promise<PolicyDocument> {
  const yaml = await parseYaml(text, file);
  const input = validateDocument(yaml);
  const document = new Reader(yaml).read(input, file);
  checkIds(document);
  return document;
}

/** Turns validated input into rules, keeping where each stands. */
class Reader {
  readonly #yaml: YamlFile;

  constructor(yaml: YamlFile) {
    this.#yaml = yaml;
  }

  read(input: DocumentInput, file: string): PolicyDocument {
    const { tool, network, model, merge } = input;
    const rules = {
      ...(tool ? { tool: this.#tools(tool) } : {}),
      ...(input.file ? { file: this.#files(input.file) } : {}),
      ...(network ? { network: this.#network(network) } : {}),
      ...(model && EFFECTS.some((effect) => model[effect]) ? { model: this.#models(model) } : {}),
      ...(merge ? { merge: this.#merge(merge) } : {}),
    };
    return {
      version: 1,
      file,
      ...(input.agent === undefined ? {} : { agent: input.agent }),
      disable: input.disable ?? [],
      allowLists: allowListsOf(input),
      rules,
      ...defined({ output: input.output }),
      ...defined({ forgeReviews: merge?.forgeReviews, carryOver: merge?.carryOver }),
      ...(input.signed ? { signed: this.#signed(input.signed) } : {}),
      ...(model ? { model: modelSettings(model) } : {}),
      ...(input.secrets ? { secrets: input.secrets.map((secret, index) => this.#secret(secret, index)) } : {}),
      ...(input.limits ? { limits: this.#at(['limits'], () => readLimits(input.limits ?? {})) } : {}),
      ...(input.workspace ? { workspace: this.#workspace(input.workspace) } : {}),
      ...(input.labels ? { labels: this.#labels(input.labels) } : {}),
      ...(input.audit ? { audit: this.#audit(input.audit) } : {}),
      ...(input.review ? { review: this.#review(input.review) } : {}),
      ...(input.tests
        ? { tests: input.tests.map((test, index) => this.#at(['tests', index], (at) => readTests(test, at))) }
        : {}),
    };
  }

  /** Runs one step of the reading and gives its faults their place. */
  #at<Value>(path: YamlPath, step: (at: SourceLocation) => Value): Value {
    const at = this.#yaml.locate(path);
    try {
      return step(at);
    } catch (cause) {
      if (!(cause instanceof EntryError) && !(cause instanceof GlobError)) throw cause;
      const advice = cause instanceof EntryError ? cause.advice : undefined;
      throw new SallyportError('SP1101', cause.message, { at, advice, cause });
    }
  }

  #list<Entry, Rule>(
    lists: { readonly [effect in Verdict]?: readonly Entry[] | undefined },
    path: YamlPath,
    read: (entry: Entry, effect: Verdict, at: SourceLocation) => Rule,
  ): readonly Rule[] {
    return EFFECTS.flatMap((effect) =>
      (lists[effect] ?? []).map((entry, index) => this.#at([...path, effect, index], (at) => read(entry, effect, at))),
    );
  }

  #tools(section: NonNullable<DocumentInput['tool']>): readonly ToolRule[] {
    return this.#list(section, ['tool'], (entry, effect, at): ToolRule => {
      const text = typeof entry === 'string' ? entry : entry.tool;
      const read = effect === 'allow' ? readToolGrant(text) : readToolEntry(text);
      return { ...head(`tool.${effect}`, text, effect, entry, at), ...read };
    });
  }

  #files(section: NonNullable<DocumentInput['file']>): readonly FileRule[] {
    const operations = (name: FileOperation): readonly FileOperation[] =>
      name === 'write' && !section.delete ? ['write', 'delete'] : [name];
    return (['read', 'write', 'delete'] as const).flatMap((name) =>
      this.#list(section[name] ?? {}, ['file', name], (entry, effect, at): FileRule => {
        const { path, max } = typeof entry === 'string' ? { path: entry } : entry;
        compileGlob(path, { fold: false });
        const maxBytes = max === undefined ? undefined : parseSize(max);
        if (max !== undefined && maxBytes === undefined)
          throw new EntryError(`'${max}' is not a size`, 'Write `1MiB`.');
        if (max !== undefined && effect !== 'allow') throw new EntryError('`max` belongs to allow entries', undefined);
        return {
          ...head(`file.${name}.${effect}`, path, effect, entry, at),
          operations: operations(name),
          globs: [path],
          ...(maxBytes === undefined ? {} : { maxBytes }),
        };
      }),
    );
  }

  #network(section: NonNullable<DocumentInput['network']>): readonly NetworkRule[] {
    return this.#list(section, ['network'], (entry, effect, at): NetworkRule => {
      const text = typeof entry === 'string' ? entry : (entry.registry ?? describeHost(entry));
      const target = typeof entry === 'string' ? readNetworkText(entry, effect) : readNetworkFields(entry, effect);
      return { ...head(`network.${effect}`, text, effect, entry, at), target };
    });
  }

  #models(section: NonNullable<DocumentInput['model']>): readonly ModelRule[] {
    return this.#list(section, ['model'], (entry, effect, at): ModelRule => {
      const model = typeof entry === 'string' ? entry : entry.model;
      return { ...head(`model.${effect}`, model, effect, entry, at), model };
    });
  }

  #merge(section: NonNullable<DocumentInput['merge']>): readonly MergeRule[] {
    const plain = this.#list(section, ['merge'], (entry, effect, at): MergeRule => {
      return { ...head(`merge.${effect}`, describeMergeEntry(entry), effect, entry, at), ...readMergeSelection(entry) };
    });
    const required = (section.require ?? []).map((entry, index) =>
      this.#at(['merge', 'require', index], (at): MergeRule => {
        const { require, selection, text } = readMergeRequirement(entry);
        return { ...head('merge.require', text, 'deny', entry, at), ...selection, require };
      }),
    );
    return [...plain, ...required];
  }

  #signed({ files = [], images = [] }: NonNullable<DocumentInput['signed']>): readonly SignedDemand[] {
    return [
      ...files.map(({ path, signer }, index) =>
        this.#at(['signed', 'files', index], (): SignedDemand => {
          compileGlob(path, { fold: false });
          return { kind: 'file', pattern: path, signer };
        }),
      ),
      ...images.map(({ image, signer }, index) =>
        this.#at(['signed', 'images', index], (): SignedDemand => {
          if (!/^[a-z0-9*][a-z0-9*._\-/]*(?::\d+\/[a-z0-9*._\-/]+)?$/.test(image))
            throw new EntryError(`'${image}' is no name of an image`, 'Write it without tag and digest.');
          return { kind: 'image', pattern: image, signer };
        }),
      ),
    ];
  }

  #secret(secret: NonNullable<DocumentInput['secrets']>[number], index: number) {
    return this.#at(['secrets', index], () => {
      const hosts = secret.hosts.map((authority) => {
        const target = readNetworkText(authority, 'deny');
        if (
          target.kind !== 'host' ||
          target.port === undefined ||
          target.host === '*' ||
          target.paths ||
          target.methods
        ) {
          throw new EntryError(`'${authority}' is not a host with a port`, 'Write `api.example.org:443`.');
        }
        return target.host.includes(':') ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`;
      });
      return { ...secret, hosts, header: secret.header.toLowerCase() };
    });
  }

  #workspace(section: NonNullable<DocumentInput['workspace']>) {
    const hide = (section.hide ?? []).map((glob, index) =>
      this.#at(['workspace', 'hide', index], () => {
        compileGlob(glob.replace(/^!/, ''), { fold: true });
        return glob;
      }),
    );
    return { hide, ...defined({ hidden: section.hidden, readOnly: section.readOnly }) };
  }

  #audit({ ignore, require, failOn }: NonNullable<DocumentInput['audit']>): AuditSection {
    return {
      ignore: (ignore ?? []).map((entry, index) => this.#at(['audit', 'ignore', index], (at) => readIgnore(entry, at))),
      require: (require?.none ?? []).map((none, index) =>
        this.#at(['audit', 'require', 'none', index], (at) => ({ none, at })),
      ),
      failOn,
    };
  }

  #review({ exclude, decisions, failOn, threatModel }: NonNullable<DocumentInput['review']>): ReviewSection {
    return {
      exclude: (exclude ?? []).map((entry, index) =>
        this.#at(['review', 'exclude', index], () => readExclusion(entry)),
      ),
      decisions: (decisions ?? []).map((entry, index) =>
        this.#at(['review', 'decisions', index], (at) => readDecision(entry, at)),
      ),
      failOn,
      threatModel,
    };
  }

  #labels(section: NonNullable<DocumentInput['labels']>): NonNullable<PolicyDocument['labels']> {
    const source = (name: 'untrusted' | 'secret'): { readonly [label in typeof name]?: LabelSource } => {
      const given = section[name];
      if (given === undefined) return {};
      const reads = (given.reads ?? []).map((glob, index) =>
        this.#at(['labels', name, 'reads', index], () => {
          compileGlob(glob, { fold: true });
          return glob;
        }),
      );
      return { [name]: { tools: given.tools ?? [], reads } };
    };
    return { ...source('untrusted'), ...source('secret') };
  }
}

/** Deleting follows writing unless the file says otherwise; requirements decide merges as an allow list does. */
function allowListsOf(input: DocumentInput): readonly AllowList[] {
  const { tool, file, network, model, merge } = input;
  const lists: [AllowList, unknown][] = [
    ['tool', tool?.allow],
    ['file.read', file?.read?.allow],
    ['file.write', file?.write?.allow],
    ['file.delete', file?.delete ? file.delete.allow : file?.write?.allow],
    ['network', network?.allow],
    ['model', model?.allow],
    ['merge', merge?.allow ?? merge?.require],
  ];
  return lists.filter(([, list]) => list !== undefined).map(([name]) => name);
}

/** The common part of a rule. The id of a short form says what it is, so that it survives reordering. */
function head(prefix: string, text: string, effect: Verdict, entry: string | RuleFields, at: SourceLocation): RuleHead {
  const fields: RuleFields = typeof entry === 'string' ? {} : entry;
  const { id, when, after, reason, observe, until } = fields;
  if (until !== undefined && !isDate(until)) throw new EntryError(`'${until}' is not a date`, 'Write `2027-01-31`.');
  if (observe === true && until === undefined) {
    throw new EntryError('an observed rule needs an end', 'Add `until:` with the date from which it is enforced.');
  }
  if (observe === true && effect === 'allow')
    throw new EntryError('an allow rule cannot be observed', 'Remove `observe`.');
  if (until !== undefined && observe !== true && effect !== 'allow') {
    throw new EntryError(
      `a rule that ${effect === 'deny' ? 'denies' : 'asks'} has no end`,
      'Add `observe: true`, or remove `until`.',
    );
  }
  return { id: id ?? `${prefix}:${text}`, effect, ...defined({ when, after, reason, observe, until }), at };
}

function modelSettings(section: NonNullable<DocumentInput['model']>): ModelSettings {
  const { upstream, ca, keyEnv, hostedTools, urlInputs, budget } = section;
  return defined({
    upstream,
    caFile: ca,
    keyEnv,
    hostedTools,
    urlInputs,
    maxRequests: budget?.requests,
    maxTokens: budget?.tokens,
    maxUsd: budget?.usd,
  });
}

function describeHost(entry: { readonly [key: string]: unknown }): string {
  const { host, port, methods, paths } = entry;
  return [methods, host, port, paths]
    .filter((part) => part !== undefined)
    .map(String)
    .join(' ');
}

/** Two rules may share a generated id (they say the same); a chosen id stands for one rule. */
function checkIds(document: PolicyDocument): void {
  const rules = Object.values(document.rules).flat();
  const seen = new Map<string, RuleHead>();
  for (const rule of rules) {
    const earlier = seen.get(rule.id);
    if (earlier?.at && !rule.id.includes(':') && !rule.id.startsWith('default/')) {
      throw new SallyportError('SP1101', `the id '${rule.id}' is used twice (first in line ${earlier.at.line})`, {
        at: rule.at,
        advice: 'Give each rule its own id.',
      });
    }
    if (/^(builtin|default)(\/|$)/.test(rule.id) && rule.at) {
      throw new SallyportError('SP1101', `the id '${rule.id}' is reserved`, { at: rule.at, advice: 'Choose another.' });
    }
    seen.set(rule.id, rule);
  }
}
