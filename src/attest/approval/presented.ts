import { createHash } from 'node:crypto';
import { canonicalize, toCarriable } from '../../ledger/index.ts';
import type { JsonValue } from '../../system/index.ts';
import type { PresentedDigests } from '../model.ts';

/** One row of the table of changed files. */
export interface PresentedFile {
  readonly path: string;
  readonly kind: string;
  readonly previousPath: string | undefined;
}

/** One thing that the change does to a security control; a `ControlChange` is one. */
export interface PresentedControl {
  readonly control: string;
  readonly direction: string;
  readonly severity: string;
  readonly message: string;
  readonly scope: string;
  readonly subject: string;
  readonly meta: boolean;
  readonly before: { readonly file: string } | undefined;
  readonly after: { readonly file: string } | undefined;
}

/** One finding; a `Finding` is one. */
export interface PresentedFinding {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly fingerprint: string;
  readonly place: { readonly file: string };
}

/** The evidence that a person decides on. Order does not matter: it is digested and shown sorted. */
export interface Presentation {
  readonly files: readonly PresentedFile[];
  readonly controls: readonly PresentedControl[];
  readonly findings: readonly PresentedFinding[];
  /** SHA-256 of the policy file at the protected ref, hexadecimal. */
  readonly policyDigest: string;
}

/** Digests of what is shown; the gate makes them from its own evidence and compares. */
export function digestPresentation({ files, controls, findings, policyDigest }: Presentation): PresentedDigests {
  return {
    files: digestRows(files.map(({ path, kind, previousPath }) => [path, kind, previousPath ?? null])),
    controls: digestRows(
      controls.map(({ control, direction, severity, message, scope, subject, meta, before, after }) => [
        control,
        direction,
        severity,
        message,
        scope,
        subject,
        meta,
        before?.file ?? null,
        after?.file ?? null,
      ]),
    ),
    findings: digestRows(
      findings.map(({ rule, severity, message, fingerprint, place }) => [
        rule,
        severity,
        message,
        fingerprint,
        place.file,
      ]),
    ),
    policy: policyDigest,
  };
}

/** One digest of all of it, as an `Approval` carries it. How it looked does not belong to it: pages get new versions. */
export function digestPresented({ files, controls, findings, policy }: PresentedDigests): string {
  return sha256(canonicalize({ files, controls, findings, policy }));
}

function digestRows(rows: readonly JsonValue[]): string {
  return sha256(
    rows
      .map((row) => canonicalize(toCarriable(row)))
      .sort()
      .join('\n'),
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
