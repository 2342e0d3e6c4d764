import type { ScriptWord } from '../../syntax/index.ts';
import type { CredentialClass, TreeProvenance } from '../effect.ts';
import { hasOption, optionValues } from './command-line.ts';
import type { EffectBody, EffectRow, RowInput } from './effect-row.ts';
import { sliceTemplate, textOf } from './template-slice.ts';

/** Sub-commands that look at no tree, so no hook, filter or `.git/config` of it takes part. */
const HARMLESS: ReadonlySet<string> = new Set([
  'clone',
  'init',
  'config',
  'version',
  'help',
  'ls-remote',
  'credential',
]);

const PULL_REQUEST_REF = /(^|[:+/])(refs\/)?(pull|merge-requests|pull-requests|pr)\//;
const FULL_ID = /^[0-9a-f]{40}$/;
const BASE_NAMES: ReadonlySet<string> = new Set(['main', 'master', 'trunk', 'develop', 'HEAD']);

export const GIT_ROWS: readonly EffectRow[] = [
  { program: 'git', gives: gitCommand },
  { program: 'git', words: 'push', gives: pushed },
  { program: 'git', words: 'clone', gives: cloned },
  { program: 'git', words: 'fetch|pull', gives: fetched },
  { program: 'git', words: 'checkout|switch|reset|merge|worktree', gives: checkedOut },
  { program: 'git', words: 'diff|log|show|shortlog|format-patch|cat-file', gives: changeText },
  { program: 'git', words: 'submodule update', gives: submodules },
  { program: 'git', words: 'remote set-url|add', gives: remoteAddress },
  { program: 'git', words: 'config', gives: configuration },
  { program: 'git', words: 'clean', gives: { kind: 'cleanup', what: 'git clean' } },
  { program: 'git', words: 'credential approve', gives: { kind: 'write-secret-file', path: '~/.git-credentials' } },
  { program: 'hub', words: 'pull-request', gives: { kind: 'create-pull-request', what: 'hub pull-request' } },
  { program: 'hub', words: 'release', gives: { kind: 'release', what: 'hub release' } },
  { program: 'hub', words: 'push', gives: { kind: 'push', what: 'hub push' } },
  { program: 'hub', words: 'merge', gives: { kind: 'merge', what: 'hub merge' } },
];

function gitCommand({ line }: RowInput): EffectBody | undefined {
  const subcommand = line.operands[0]?.literal;
  if (subcommand === undefined || HARMLESS.has(subcommand)) return undefined;
  const settings = optionValues(line, '-c').map(textOf);
  const hooksOff = settings.some((one) => /^core\.hooksPath=(\/dev\/null)?$/i.test(one));
  return { kind: 'git', subcommand, guarded: hooksOff || hasOption(line, '--no-verify') };
}

/** What the head of a pull request says, where the same script fetched it before without laying it out. */
function changeText({ line, lines }: RowInput): EffectBody | undefined {
  const at = lines.all.indexOf(line);
  const fetches = lines.all.slice(0, at).some(({ program, operands: [verb, ...refs] }) => {
    return program === 'git' && verb?.literal === 'fetch' && refs.some((ref) => PULL_REQUEST_REF.test(textOf(ref)));
  });
  return fetches ? { kind: 'fetch-text', what: 'pull-request', to: undefined } : undefined;
}

function pushed({ line, operands }: RowInput): EffectBody {
  const names = operands.map(textOf);
  return {
    kind: 'push',
    what: ['git push', ...(hasOption(line, '--force', '-f', '--force-with-lease') ? ['--force'] : []), ...names].join(
      ' ',
    ),
  };
}

function cloned({ line, operands, lines }: RowInput): EffectBody {
  const revision = optionValues(line, '--revision').some((word) => FULL_ID.test(word.literal ?? ''));
  const later = lines.all.some(
    (other) =>
      other.program === 'git' &&
      ['checkout', 'reset', 'switch'].includes(other.operands[0]?.literal ?? '') &&
      other.operands.slice(1).some((word) => FULL_ID.test(word.literal ?? '')),
  );
  return { kind: 'clone', url: operands[0] && textOf(operands[0]), pinned: revision || later };
}

/** A fetch changes no file; it is a checkout where the script then lays something out. */
function fetched({ operands, text, lines }: RowInput): EffectBody | undefined {
  const ref =
    operands.find((word) => PULL_REQUEST_REF.test(word.pieces.join('')) || PULL_REQUEST_REF.test(word.source)) ??
    operands.slice(1).find((word) => provenanceOf(word, text) === 'pull-request');
  if (ref === undefined) return undefined;
  const git = lines.all.flatMap((line) => (line.program === 'git' ? (line.operands[0]?.literal ?? '') : []));
  const laidOut = git.some((subcommand) => LAYS_OUT.has(subcommand));
  return { ...checkout('pull-request', ref, text), ...(laidOut ? {} : { fetchOnly: true }) };
}

const LAYS_OUT: ReadonlySet<string> = new Set([
  ...['checkout', 'switch', 'reset', 'merge', 'rebase', 'worktree', 'cherry-pick', 'pull', 'restore', 'read-tree'],
]);

/** `git checkout REF`; not `git checkout -b NEW` nor `git checkout -- FILE`. */
function checkedOut({ line, operands, text, lines }: RowInput): EffectBody | undefined {
  const subcommand = line.operands[0]?.literal;
  if (line.words.some((word) => word.literal === '--') || hasOption(line, '--orphan')) return undefined;
  const ref = subcommand === 'worktree' ? operands[2] : operands[0];
  if (ref === undefined || ref.literal === '.') return undefined;
  const fetchedHere = lines.all.some(
    (other) => other.program === 'git' && FETCHES.has(other.operands[0]?.literal ?? ''),
  );
  const fetchedBefore = !fetchedHere && FETCHED_NAME.test(ref.literal ?? '');
  return checkout(fetchedBefore ? 'pull-request' : provenanceOf(ref, text), ref, text);
}

const FETCHES: ReadonlySet<string> = new Set(['fetch', 'pull', 'clone']);
/** What an earlier step fetched, or a branch that is called after a pull request. */
const FETCHED_NAME = /^(?:FETCH_HEAD$|(?:pr|pull|mr|pull-request|merge-request)[-_/])/;

function checkout(tree: TreeProvenance, ref: ScriptWord, text: RowInput['text']): EffectBody {
  return {
    kind: 'checkout',
    tree,
    ref: sliceTemplate(text, ref.span),
    persistsCredentials: false,
    submodules: false,
    token: undefined,
    path: undefined,
  };
}

/** Where the content behind a ref comes from, as far as its spelling says. */
function provenanceOf(ref: ScriptWord, text: RowInput['text']): TreeProvenance {
  const known = ref.pieces.join('');
  if (PULL_REQUEST_REF.test(known)) return 'pull-request';
  if (ref.literal !== undefined) return BASE_NAMES.has(ref.literal.replace(/^origin\//, '')) ? 'base' : 'unknown';
  const names = [
    ...sliceTemplate(text, ref.span).interpolations.flatMap(({ values }) => values.map(({ name }) => name)),
    ...ref.expansions.map(({ name }) => name ?? ''),
  ];
  if (names.some((name) => HEAD_NAME.test(name))) return 'pull-request';
  return names.length > 0 && names.every((name) => BASE_NAME.test(name)) ? 'base' : 'unknown';
}

const HEAD_NAME =
  /(head_ref|pull_request\.head|workflow_run\.head|pull_request\.merge_commit|head\.(ref|sha)|MERGE_REQUEST_SOURCE_BRANCH|CHANGE_BRANCH|ghprbSource|PullRequest\.SourceBranch|PULLREQUEST_SOURCEBRANCH|HEAD_REF|PR_HEAD|HEAD_SHA|PR_BRANCH)/i;
const BASE_NAME =
  /(base_ref|pull_request\.base|default_branch|MERGE_REQUEST_TARGET_BRANCH|CHANGE_TARGET|BASE_REF|BASE_SHA)/i;

function submodules({ line, text }: RowInput): EffectBody {
  const word = line.words[0];
  return {
    kind: 'checkout',
    tree: 'other-repository',
    ref: word && sliceTemplate(text, { start: word.span.start, end: word.span.start }),
    persistsCredentials: false,
    submodules: true,
    token: undefined,
    path: undefined,
  };
}

/** A URL with a password in it stays in `.git/config`. */
function remoteAddress({ operands }: RowInput): EffectBody | undefined {
  const address = operands.find((word) => hasPassword(word));
  return address && { kind: 'write-secret-file', path: '.git/config' };
}

function configuration({ operands }: RowInput): EffectBody | readonly EffectBody[] | undefined {
  const [key, value] = operands;
  const name = key ? textOf(key).toLowerCase() : '';
  const login: EffectBody = { kind: 'login', to: FORGE, keyless: false };
  if (name.includes('extraheader')) return [login, { kind: 'write-secret-file', path: '.git/config' }];
  if (name.endsWith('.insteadof') && key && hasPassword(key)) {
    return [login, { kind: 'write-secret-file', path: '~/.gitconfig' }];
  }
  if (name === 'credential.helper' && value && textOf(value).startsWith('store')) {
    return { kind: 'write-secret-file', path: '~/.git-credentials' };
  }
  return undefined;
}

const FORGE: CredentialClass = 'forge-token';

/** `https://user:token@host/`: the part before `@` is there and is not only a user name. */
function hasPassword(word: ScriptWord): boolean {
  const address = /:\/\/([^/@\s]+)@/.exec(word.source)?.[1];
  return address !== undefined && (word.expansions.length > 0 || word.literal === undefined || address.includes(':'));
}
