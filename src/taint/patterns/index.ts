import type { Module } from '../../code/index.ts';
import type { FindingDraft } from '../../findings/index.ts';
import { findAssertGuard } from './assert-guard.ts';
import { findBroadPermission } from './broad-permission.ts';
import { findOpenOrigin } from './cors-origin.ts';
import { findMissingCsrf } from './csrf-missing.ts';
import { findErrorDetail } from './error-detail.ts';
import { findLoginWithoutLimit } from './login-limit.ts';
import { findMissingAuthentication } from './missing-authentication.ts';
import { findOpenComparison } from './open-comparison.ts';
import { findPlainPassword } from './plain-password.ts';
import { readProject } from './project.ts';
import { findReflectedOrigin } from './reflected-origin.ts';
import { findSecretInCode } from './secret-in-code.ts';
import { findTrustedAll } from './trusted-all.ts';
import type { FindWeaknesses } from './weakness.ts';
import { findZeroNonce } from './zero-nonce.ts';

/** Weaknesses that want more than one place, each a module of this folder. */
const FINDERS: readonly FindWeaknesses[] = [
  findAssertGuard,
  findBroadPermission,
  findErrorDetail,
  findLoginWithoutLimit,
  findMissingAuthentication,
  findMissingCsrf,
  findOpenComparison,
  findOpenOrigin,
  findPlainPassword,
  findReflectedOrigin,
  findSecretInCode,
  findTrustedAll,
  findZeroNonce,
];

/**
 * Everything that the modules of this folder find in the files of `only` (undefined: all). The others are looked at for
 * what is set up once for the whole application.
 */
export function findStructuralWeaknesses(
  modules: readonly Module[],
  only: ReadonlySet<string> | undefined,
): readonly FindingDraft[] {
  const project = readProject(modules);
  return modules
    .filter(({ file }) => only?.has(file.path) ?? true)
    .flatMap((module) => FINDERS.flatMap((find) => find({ module, project })));
}

/** The interpreter's findings with those of this folder, in the order of files and places; each weakness once. */
export function withStructuralWeaknesses(
  known: readonly FindingDraft[],
  modules: readonly Module[],
  only: ReadonlySet<string> | undefined,
): readonly FindingDraft[] {
  const reported = new Map<string, FindingDraft[]>();
  for (const finding of known) {
    const key = `${finding.rule} ${finding.place.file}`;
    const list = reported.get(key);
    if (list === undefined) reported.set(key, [finding]);
    else list.push(finding);
  }
  const further = findStructuralWeaknesses(modules, only).filter(({ rule, place, tier = 'regular' }) => {
    const all = reported.get(`${rule} ${place.file}`) ?? [];
    const same = tier === 'regular' ? all.filter((one) => one.tier !== 'pedantic') : all;
    return !same.some((one) => one.place.span.start < place.span.end && place.span.start < one.place.span.end);
  });
  return [...known, ...further].sort((one, other) => {
    if (one.place.file !== other.place.file) return one.place.file < other.place.file ? -1 : 1;
    return one.place.span.start - other.place.span.start;
  });
}
