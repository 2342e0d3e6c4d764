import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, closeSync, constants, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { INNER_DESCRIPTORS, OUTER_DESCRIPTORS } from '../arguments.ts';
import { type AirlockConfiguration, airlockPaths, type LaunchRequest } from './configuration.ts';

const { O_RDWR, O_RDONLY, O_CREAT, O_EXCL } = constants;

/**
 * Starts the inner sandbox with the agent's streams and the proof descriptor, which passes through to the supervisor.
 * Its first program is the probe, by descriptor: no path leads to it.
 *
 * setpriv first: bubblewrap refuses to start with ambient capabilities, and the agent must inherit none.
 */
export function launchInner(configuration: AirlockConfiguration, request: LaunchRequest): ChildProcess {
  const { tools } = configuration;
  const { scratch, own } = airlockPaths(configuration.runDirectory);
  for (const { name, mode } of request.inner.directories) makeDirectory(`${own}/${name}`, mode);
  const probe = `/proc/self/fd/${INNER_DESCRIPTORS.probe}`;
  const { stdin, stdout, stderr, proof } = OUTER_DESCRIPTORS;
  const descriptors = [
    stdin,
    stdout,
    stderr,
    anonymousFile(scratch, request.inner.options.map((option) => `${option}\0`).join('')),
    anonymousFile(scratch, Buffer.from(request.filter, 'base64')),
    anonymousFile(scratch, Buffer.from(request.probe, 'base64'), 0o700),
    proof,
    ...request.inner.files.map(({ content, encoding }) => anonymousFile(scratch, Buffer.from(content, encoding))),
  ];
  const child = spawn(
    tools.setpriv,
    [
      ...['--ambient-caps=-all', '--inh-caps=-all', '--no-new-privs', tools.prlimit, ...request.rlimits],
      ...[tools.bwrap, '--args', String(INNER_DESCRIPTORS.arguments), '--', probe, ...request.command],
    ],
    { stdio: descriptors, env: {}, cwd: '/' },
  );
  for (const descriptor of descriptors) closeSync(descriptor);
  return child;
}

/** With these very bits, whatever the mask says. */
function makeDirectory(path: string, mode: number): void {
  mkdirSync(path);
  chmodSync(path, mode);
}

/** An open file without a name, positioned at its start. Read-only, so that an executable one can be run. */
function anonymousFile(directory: string, content: string | Buffer, mode = 0o600): number {
  const path = `${directory}/handover`;
  const writer = openSync(path, O_RDWR | O_CREAT | O_EXCL, mode);
  const reader = openSync(path, O_RDONLY);
  unlinkSync(path);
  const bytes = Buffer.from(content);
  for (let written = 0; written < bytes.length; ) written += writeSync(writer, bytes, written);
  closeSync(writer);
  return reader;
}
