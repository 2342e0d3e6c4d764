/** The second half of `make demo`: the change of the contained run on its way to the protected branch. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const RUNNERS = ['runner', 'reviewer', 'gate'] as const;
const PEOPLE = ['alice', 'bob'] as const;
type Signer = (typeof RUNNERS)[number] | (typeof PEOPLE)[number];

export interface Finished {
  readonly exit: number;
  readonly output: string;
}

/** Runs a command in the repository of the story. */
export type Execute = (command: readonly string[]) => Promise<Finished>;

/** Makes a key for each who signs, and the trust store that names them. */
export function makeSigners(directory: string): string {
  mkdirSync(directory);
  for (const name of [...RUNNERS, ...PEOPLE])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(directory, name)]);
  const row = (name: Signer, role: string): string => {
    const publicKey = readFileSync(join(directory, `${name}.pub`), 'utf8').trim();
    return `  - { id: ${name}, roles: [${role}], keys: [{ kind: ssh, publicKey: "${publicKey}" }] }`;
  };
  const rows = [...RUNNERS.map((name) => row(name, name)), ...PEOPLE.map((name) => row(name, 'approver'))];
  return ['version: 1', 'repository: git+https://example.test/acme/slugs', 'signers:', ...rows, ''].join('\n');
}

interface Step {
  readonly title: string;
  readonly commands: readonly (readonly string[])[];
  /** The exit code of the last command; those before it end with 0. */
  readonly exit: number;
  /** Part of what the last one prints. */
  readonly shows: RegExp;
}

export interface StoryPlaces {
  readonly sallyport: string;
  /** The out directory of the contained run. */
  readonly out: string;
  /** Where `makeSigners` put the keys. */
  readonly keys: string;
  /** For the files that one command hands to the next. */
  readonly scratch: string;
}

/** Tells it step by step; false when one does not go as promised. */
export async function tellStory(places: StoryPlaces, execute: Execute): Promise<boolean> {
  const git = ['git', '-c', 'user.name=demo', '-c', 'user.email=demo@example.org'];
  await must(execute, [...git, 'checkout', '--quiet', '-b', 'agent']);
  await must(execute, [...git, 'apply', '--index', join(places.out, 'changes.patch')]);
  await must(execute, [...git, 'commit', '--quiet', '-m', 'Mend the slugs']);
  console.log('\nThe change on its way to the protected branch');
  for (const step of [...beforeMerge(places), ...afterMerge(places, git)])
    if (!(await take(step, execute))) return false;
  return true;
}

async function take({ title, commands, exit, shows }: Step, execute: Execute): Promise<boolean> {
  let output = '';
  for (const command of commands) {
    const isLast = command === commands.at(-1);
    const finished = await execute(command);
    output = finished.output;
    if (finished.exit === (isLast ? exit : 0) && (!isLast || shows.test(output))) continue;
    console.log(`  ${title}\n${command.join(' ')} ended with ${finished.exit}:\n${output}`);
    return false;
  }
  console.log(`  ${title.padEnd(58)}${(shows.exec(output)?.[0] ?? '').trim()}`);
  return true;
}

function beforeMerge({ sallyport, out, keys, scratch }: StoryPlaces): readonly Step[] {
  const base = ['--base', 'main'];
  const evidence = ['agent', ...base, '--run', out, '--requested-by', 'carol'];
  const about = ['--commit', 'agent', ...base];
  const review = join(scratch, 'review.json');
  const gate = join(scratch, 'gate.json');
  const approve = (name: string) => [
    ...[sallyport, 'approve', 'agent', ...base, '--requested-by', 'carol'],
    ...['--key', join(keys, name), '--reason', 'read, and tried', '--yes'],
  ];
  const sign = (role: string, ...words: readonly string[]) => [
    ...[sallyport, 'attest', ...about, ...words, '--key', join(keys, role)],
  ];
  return [
    {
      title: 'ci: audit, review and gate in one report',
      commands: [[sallyport, 'ci', ...evidence]],
      exit: 1,
      shows: /^needs approval/m,
    },
    {
      title: 'approve: two people sign what they were shown',
      commands: PEOPLE.map(approve),
      exit: 0,
      shows: /^2 approvals count/m,
    },
    { title: 'gate: the same change again', commands: [[sallyport, 'gate', ...evidence]], exit: 0, shows: /^pass/m },
    {
      title: 'attest: run, review and verdict, each by its own key',
      commands: [
        [sallyport, 'review', ...base, '--head', 'agent', '--format', 'json', '--output', review],
        [sallyport, 'gate', ...evidence, '--format', 'json', '--output', gate],
        sign('runner', '--run', out, '--requested-by', 'carol'),
        sign('reviewer', '--review', review),
        sign('gate', '--gate', gate),
      ],
      exit: 0,
      shows: /^Stored under \S+/m,
    },
  ];
}

function afterMerge({ sallyport }: StoryPlaces, git: readonly string[]): readonly Step[] {
  return [
    {
      title: 'verify: the merged branch, from the evidence alone',
      commands: [
        [...git, 'checkout', '--quiet', 'main'],
        [...git, 'merge', '--quiet', '--no-ff', '-m', 'Merge the slugs', 'agent'],
        [sallyport, 'verify'],
      ],
      exit: 0,
      shows: /^.*(?:proven|verified).*$/im,
    },
    {
      title: 'verify: after a push past every check',
      commands: [
        [...git, 'commit', '--quiet', '--allow-empty', '-m', 'Direct'],
        [sallyport, 'verify'],
      ],
      exit: 1,
      shows: /^.*(?:nobody|no statement|not proven|missing).*$/im,
    },
  ];
}

async function must(execute: Execute, command: readonly string[]): Promise<void> {
  const { exit, output } = await execute(command);
  if (exit !== 0) throw new Error(`${command.join(' ')} failed: ${output}`);
}
