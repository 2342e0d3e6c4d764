#!/usr/bin/env node
/**
 * Runs one command of an escape battery under `sallyport run`. The battery says by environment what is allowed:
 * BATTERY_MODEL_URL, BATTERY_ALLOWED_HTTP, BATTERY_ALLOWED_TLS (+ BATTERY_ALLOWED_CA), BATTERY_LIMITS, BATTERY_SECONDS.
 *
 * usage: node test/outside/battery-wrapper.mjs COMMAND [ARG…]   (in the workspace)
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const command = process.argv.slice(2);
const env = process.env;
if (command.length === 0 || command[0] === '--help' || !env.BATTERY_MODEL_URL) {
  console.error('usage: battery-wrapper.mjs COMMAND [ARG…]   with BATTERY_* set by the battery');
  process.exit(2);
}

const limits = { procs: 512, memMiB: 2048, diskMiB: 1024, stdoutMiB: 32, ...JSON.parse(env.BATTERY_LIMITS ?? '{}') };
const grant = (authority, rest) => {
  const { hostname, port } = new URL(`http://${authority}`);
  return { host: hostname, port: Number(port || 80), ...rest };
};
const network = [];
if (env.BATTERY_ALLOWED_HTTP) network.push(grant(env.BATTERY_ALLOWED_HTTP, { protocol: 'http' }));
if (env.BATTERY_ALLOWED_TLS) {
  network.push(grant(env.BATTERY_ALLOWED_TLS, { protocol: 'https', tls: 'inspect', ca: env.BATTERY_ALLOWED_CA }));
}

const policy = {
  version: 1,
  tool: { allow: ['*'] },
  network: { allow: network },
  model: { upstream: env.BATTERY_MODEL_URL, allow: ['*'], budget: { requests: 200 } },
  limits: {
    processes: limits.procs,
    memory: `${limits.memMiB}MiB`,
    disk: `${limits.diskMiB}MiB`,
    output: `${limits.stdoutMiB}MiB`,
    minutes: Number(env.BATTERY_SECONDS ?? limits.seconds ?? 25) / 60,
  },
};

const own = mkdtempSync(join(tmpdir(), 'battery-policy-'));
const file = join(own, 'sallyport.yaml');
// JSON is YAML: no quoting to get wrong.
writeFileSync(file, JSON.stringify(policy, null, 2), { mode: 0o600 });
const sallyport = resolve(import.meta.dirname, '../../bin/sallyport');
const result = spawnSync(sallyport, ['run', '--policy', file, '--out', join(own, 'out'), '--', ...command], {
  stdio: 'inherit',
});
rmSync(own, { recursive: true, force: true });
process.exit(result.status ?? 137);
