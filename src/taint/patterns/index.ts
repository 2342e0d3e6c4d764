import type { FindingDraft } from '../../findings/index.ts';
import type { Module } from '../ir.ts';
import { findAssertGuard } from './assert-guard.ts';
import { findBroadPermission } from './broad-permission.ts';
import { findMissingCsrf } from './csrf-missing.ts';
import { findErrorDetail } from './error-detail.ts';
import { findLoginWithoutLimit } from './login-limit.ts';
import { findMissingAuthentication } from './missing-authentication.ts';
import { findPlainPassword } from './plain-password.ts';
import { readProject } from './project.ts';
import { findSecretInCode } from './secret-in-code.ts';
import type { FindWeaknesses } from './weakness.ts';

/** Weaknesses that want more than one place, each a module of this folder. */
const FINDERS: readonly FindWeaknesses[] = [
  findAssertGuard,
  findBroadPermission,
  findErrorDetail,
  findLoginWithoutLimit,
  findMissingAuthentication,
  findMissingCsrf,
  findPlainPassword,
  findSecretInCode,
];

/**
 * Everything that the modules of this folder find in the files of `only` (undefined: all). The others are looked at for
 * what is set up once for the whole application. In the order of files and places.
 */
export function findStructuralWeaknesses(
  modules: readonly Module[],
  only: ReadonlySet<string> | undefined,
): readonly FindingDraft[] {
  const project = readProject(modules);
  return modules
    .filter(({ file }) => only?.has(file.path) ?? true)
    .flatMap((module) => FINDERS.flatMap((find) => find({ module, project })))
    .sort((one, other) => {
      if (one.place.file !== other.place.file) return one.place.file < other.place.file ? -1 : 1;
      return one.place.span.start - other.place.span.start;
    });
}
