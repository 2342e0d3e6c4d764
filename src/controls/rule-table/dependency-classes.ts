import type { ControlClass } from '../control-class.ts';
import type { FactClass } from '../facts/compare-facts.ts';
import { fileChange } from './example.ts';

const COMMON = { group: 'dependency', direction: 'weakened', meta: true } as const;
const lock = (version: string, host: string, digest: string): string =>
  `{"lockfileVersion":3,"packages":{"node_modules/pad":{"version":"${version}","resolved":"https://${host}/pad-${version}.tgz"${digest === '' ? '' : `,"integrity":"sha512-${digest}"`}}}}`;
const LOCK = 'package-lock.json';
const OLD = lock('1.0.0', 'packages.example.test', 'AAAA');
const NEWER = lock('1.1.0', 'packages.example.test', 'BBBB');

/** What a lock file says about where packages come from. */
export const LOCK_CLASSES: readonly ControlClass[] = [
  {
    ...COMMON,
    id: 'lock-address-changed',
    severity: 'high',
    title: 'A package comes from another address, at the same version',
    why: 'Whoever owns the address decides what is installed; reviewers see one line of many.',
    advice: 'Make the lock file anew with the package client, and compare.',
    tags: ['CWE-494', 'CWE-829'],
    attack: fileChange(LOCK, OLD, lock('1.0.0', 'example.test', 'AAAA')),
    benign: fileChange(LOCK, OLD, NEWER),
  },
  {
    ...COMMON,
    id: 'lock-digest-changed',
    severity: 'high',
    title: 'A package has another digest, at the same version',
    why: 'A published version does not change; other bytes are installed.',
    advice: 'Make the lock file anew with the package client, and compare.',
    tags: ['CWE-494'],
    attack: fileChange(LOCK, OLD, lock('1.0.0', 'packages.example.test', 'CCCC')),
    benign: fileChange(LOCK, OLD, NEWER),
  },
  {
    ...COMMON,
    id: 'lock-digest-removed',
    severity: 'high',
    title: 'A package has no digest any more',
    why: 'Nothing says which bytes are right.',
    advice: 'Keep the digest.',
    tags: ['CWE-353'],
    attack: fileChange(LOCK, OLD, lock('1.0.0', 'packages.example.test', '')),
    benign: fileChange(LOCK, OLD, NEWER),
  },
  {
    ...COMMON,
    id: 'lock-host-added',
    direction: 'added-capability',
    severity: 'high',
    title: 'Packages come from a host from which nothing came before',
    why: 'Whoever owns the host decides what is installed.',
    advice: 'Ask why the usual registry does not have it.',
    tags: ['CWE-829'],
    attack: fileChange(LOCK, OLD, lock('1.1.0', 'example.test', 'BBBB')),
    benign: fileChange(LOCK, OLD, NEWER),
  },
  {
    ...COMMON,
    id: 'lock-source-loose',
    direction: 'added-capability',
    severity: 'medium',
    title: 'A package comes from a source that can change',
    why: 'A repository or an unprotected address gives other bytes tomorrow.',
    advice: 'Take a published version.',
    tags: ['CWE-494'],
    attack: fileChange(LOCK, OLD, NEWER.replace('https://', 'http://')),
    benign: fileChange(LOCK, OLD, NEWER),
  },
];

/** What manifests and package clients say. */
export const MANIFEST_CLASSES: readonly FactClass[] = [
  {
    ...COMMON,
    id: 'install-script-added',
    severity: 'high',
    always: true,
    title: 'Installing runs a command',
    why: 'It runs on the machine of everybody who installs, before anybody looks.',
    advice: 'Do without it.',
    tags: ['CWE-829'],
    weakened: 'Installing runs a command: {now}',
    strengthened: 'Installing no longer runs {was}',
    changed: { says: 'Installing runs another command: {now} (before: {was})', severity: 'high' },
    attack: fileChange(
      'package.json',
      '{"scripts":{"build":"tsc"}}',
      '{"scripts":{"build":"tsc","postinstall":"node x.js"}}',
    ),
    benign: fileChange(
      'package.json',
      '{"scripts":{"build":"tsc"}}',
      '{"scripts":{"build":"tsc -b","format":"biome format"}}',
    ),
  },
  {
    ...COMMON,
    id: 'install-scripts-allowed',
    severity: 'high',
    title: 'Packages may run commands when they are installed',
    why: 'One bad package among many is enough.',
    advice: 'Keep install scripts off.',
    tags: ['CWE-829'],
    weakened: 'Packages may run commands when they are installed: {now} (before: {was})',
    strengthened: 'Packages may no longer run commands when they are installed',
    attack: fileChange('.npmrc', 'ignore-scripts=true\n', 'fund=false\n'),
    benign: fileChange('.npmrc', 'ignore-scripts=true\n', '; quiet\nfund=false\nignore-scripts = true\n'),
  },
  {
    ...COMMON,
    id: 'registry-changed',
    direction: 'changed',
    severity: 'high',
    title: 'Packages come from another registry',
    why: 'Whoever runs it decides what is installed.',
    advice: 'Keep the registry of the organisation.',
    tags: ['CWE-829'],
    weakened: 'Packages come from another place: {now}',
    strengthened: 'Packages no longer come from {was}',
    changed: { says: 'Packages come from another place: {now} (before: {was})', severity: 'high' },
    attack: fileChange('.npmrc', 'registry=https://packages.example.test/\n', 'registry=https://example.test/\n'),
    benign: fileChange(
      '.npmrc',
      'registry=https://packages.example.test/\n',
      '# ours\nregistry = https://packages.example.test/\n',
    ),
  },
  {
    ...COMMON,
    id: 'dependency-foreign',
    severity: 'medium',
    title: 'A dependency comes from no registry',
    why: 'A repository or an address gives other bytes tomorrow, and nobody withdraws it when it is bad.',
    advice: 'Take a published version.',
    tags: ['CWE-829'],
    weakened: 'A dependency comes from no registry: {now}',
    strengthened: 'The dependency {subject} comes from a registry',
    changed: { says: 'A dependency comes from another place: {now} (before: {was})', severity: 'high' },
    attack: fileChange(
      'package.json',
      '{"dependencies":{"pad":"1.0.0"}}',
      '{"dependencies":{"pad":"git+https://example.test/pad.git"}}',
    ),
    benign: fileChange('package.json', '{"dependencies":{"pad":"1.0.0"}}', '{"dependencies":{"pad":"^1.1.0"}}'),
  },
  {
    ...COMMON,
    id: 'dependency-look-alike',
    severity: 'high',
    meta: false,
    title: 'A dependency has nearly the name of a well-known one',
    why: 'Names one letter away from a package that everybody has are registered to be installed by mistake.',
    advice: 'Check which package was meant.',
    tags: ['CWE-1357', 'CWE-829'],
    weakened: 'A dependency looks like another one: {now}',
    strengthened: 'No dependency is called {subject} any more',
    attack: fileChange(
      'package.json',
      '{"dependencies":{"express-session":"1.18.1"}}',
      '{"dependencies":{"expres-session":"1.18.1"}}',
    ),
    benign: fileChange(
      'package.json',
      '{"dependencies":{"express-session":"1.18.1"}}',
      '{"dependencies":{"express-session":"1.18.2","express-slow-down":"2.0.3"}}',
    ),
  },
];
