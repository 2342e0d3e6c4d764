import { type FileAction, INITIAL_STATE, type Policy } from '../../policy/index.ts';
import type { TreeChange } from '../../workspace/index.ts';
import type { RunEvidence } from '../model.ts';
import { atFile, type Occurrence, occurrence, type ReasonRow, type View } from '../reason.ts';

/** What a ledger's verdict means here; a word that is not listed is not good. */
const LEDGER_VERDICTS: { readonly [verdict: string]: 'good' | 'incomplete' } = {
  WITNESSED: 'good',
  ANCHORED: 'good',
  'SIGNED-UNANCHORED': 'good',
  INCOMPLETE: 'incomplete',
};

/** Whether the record of the run is what it says and is about this change. */
export const RUN_RECORD_REASONS: readonly ReasonRow[] = [
  {
    code: 'GATE001',
    name: 'unknown-origin',
    title: 'Signs of an agent and no signed run record',
    what: 'A trailer, an author, a branch name or a link says that an agent had a part, and no verified record of a run has this content.',
    why: 'Author fields and trailers are written by whoever commits. Without a record nobody knows what the agent read, reached and was told.',
    lifted:
      'the signed record of the run (`--run`), or as many approvals as the policy wants for changes of unknown origin',
    sources: [
      'incidents NA-5 (squatted author addresses)',
      'incidents SC-26 (author spoofed as a bot)',
      'gate reference D9',
    ],
    attack: 'A commit whose author is `github-actions[bot]`, without a record.',
    benign: 'A commit by a person without such signs.',
    find: ({ evidence: { origin } }) =>
      origin.kind === 'unknown-origin'
        ? origin.signs.map((sign) => occurrence('needs-approval', 'approval', sign, { names: ['unknown-origin'] }))
        : [],
  },
  {
    code: 'GATE002',
    name: 'ledger-not-good',
    title: 'The ledger of the run does not hold',
    what: 'The verification of the ledger says something else than WITNESSED, ANCHORED or SIGNED-UNANCHORED.',
    why: 'A record that was changed, cut or contradicts a kept checkpoint proves nothing of the run.',
    lifted: 'the ledger as it was written; nobody can approve a forged one',
    sources: ['docs/formats/ledger.md'],
    attack: 'One byte of a record is changed.',
    benign: 'The ledger as `sallyport run` left it.',
    find: (view) => ofRun(view, judgeLedger),
  },
  {
    code: 'GATE003',
    name: 'other-policy',
    title: 'The run had another policy than the protected branch',
    what: "The digest of the policy in the run's first record differs from the one at the target.",
    why: 'A run under a looser policy could read, reach and write more than anybody here allowed.',
    lifted: 'a run under the policy of the protected branch',
    sources: ['gate reference D8, 2.2.6 step 11'],
    attack: 'The run was started with a policy file of its own.',
    benign: 'The run read its policy from the target branch.',
    find: (view) =>
      ofRun(view, ({ policyDigest }) =>
        policyDigest === view.evidence.policyDigest
          ? []
          : [
              occurrence(
                'blocked',
                'evidence',
                `the run had policy ${short(policyDigest)}, the target has ${short(view.evidence.policyDigest)}`,
              ),
            ],
      ),
  },
  {
    code: 'GATE004',
    name: 'other-base',
    title: 'The run started from another commit',
    what: 'The base commit of the run is not the one from which this change leaves the target.',
    why: 'The same patch means something else on another base.',
    lifted: 'a run on this base',
    sources: ['gate reference 2.3'],
    attack: 'The record of a run on an old release is handed in.',
    benign: 'The branch leaves the target where the run began.',
    find: (view) =>
      ofRun(view, ({ baseCommit }) =>
        baseCommit === view.evidence.change.baseCommit
          ? []
          : [
              occurrence(
                'blocked',
                'evidence',
                `the run began at ${short(baseCommit)}, the change at ${short(view.evidence.change.baseCommit)}`,
              ),
            ],
      ),
  },
  {
    code: 'GATE005',
    name: 'other-tree',
    title: 'The change is not what the run made',
    what: 'The tree that the run left is not the tree of this change.',
    why: 'What was added after the run has no record: the record would vouch for somebody else’s lines.',
    lifted: 'the record of what is really to be merged; commits on top of a run are of unknown origin',
    sources: ['gate reference 2.3 (change identity)'],
    attack: 'One line more than the run made, under its record.',
    benign: 'The patch of the run, committed by a person as it is.',
    find: (view) =>
      ofRun(view, ({ resultTree }) =>
        resultTree === view.evidence.change.headTree
          ? []
          : [
              occurrence(
                'blocked',
                'evidence',
                `the run made tree ${short(resultTree)}, the change is ${short(view.evidence.change.headTree)}`,
              ),
            ],
      ),
  },
  {
    code: 'GATE006',
    name: 'withheld-path',
    title: 'A path that the run withheld is in the change',
    what: 'The run kept a file out of its patch, and the change has it all the same.',
    why: 'It was withheld because the policy refuses it, because it carries a secret, or because a person must look first.',
    lifted: 'an approval that names the path or the reason',
    sources: ['incidents T3'],
    attack: '`.claude/settings.json` was withheld and is committed by hand.',
    benign: 'What was withheld stays out.',
    find: (view) =>
      ofRun(view, ({ withheld }) => {
        if (withheld === undefined)
          return [occurrence('incomplete', 'evidence', 'the record does not tell what the run withheld')];
        const touched = view.evidence.files.flatMap(({ path, previousPath }) => [path, previousPath ?? path]);
        return [...new Set(touched)]
          .filter((path) => withheld.includes(path))
          .map((path) => {
            const more = { place: atFile(path), names: [path] };
            return occurrence('blocked', 'acceptance', `${path} was withheld by the run`, more);
          });
      }),
  },
  {
    code: 'GATE007',
    name: 'outside-write-scope',
    title: 'An agent wrote where it may not',
    what: 'The file plane of the policy at the target denies, or asks about, writing a path that the change touches, or deleting one that it removes or moves away.',
    why: 'The write scope holds at the merge as it held in the run: a change that came another way is not better for it.',
    lifted: 'an approval that names the path or the reason',
    sources: ['incidents i17, i15'],
    attack: 'The policy grants `src/**` and the agent’s branch changes `infra/main.tf`.',
    benign: 'Only granted paths are touched.',
    find: (view) => (view.isHuman ? [] : view.evidence.files.flatMap((file) => judgeWrite(view, file))),
  },
];

function ofRun(
  { evidence: { origin } }: View,
  judge: (run: RunEvidence) => readonly Occurrence[],
): readonly Occurrence[] {
  return origin.kind === 'agent-run' ? judge(origin.run) : [];
}

function judgeLedger({ ledger, runId }: RunEvidence): readonly Occurrence[] {
  const standing = Object.hasOwn(LEDGER_VERDICTS, ledger) ? LEDGER_VERDICTS[ledger] : undefined;
  if (standing === 'good') return [];
  const text = `the ledger of run ${runId} is ${ledger === '' ? 'not verified' : ledger}`;
  return [occurrence(standing === 'incomplete' ? 'incomplete' : 'blocked', 'evidence', text)];
}

/** A file that got another name was written at the new one and deleted at the old one, as a run has it. */
function judgeWrite({ policy }: View, { path, previousPath, kind, after }: TreeChange): readonly Occurrence[] {
  const bytes = after?.kind === 'file' ? after.size : 0;
  const here: FileAction =
    kind === 'removed'
      ? { plane: 'file', operation: 'delete', path }
      : { plane: 'file', operation: 'write', path, bytes };
  if (previousPath === undefined) return judgeAction(policy, here);
  const there: FileAction = { plane: 'file', operation: 'delete', path: previousPath, movedTo: path };
  return [...judgeAction(policy, here), ...judgeAction(policy, there)];
}

function judgeAction(policy: Policy, action: FileAction): readonly Occurrence[] {
  const decision = policy.decide(action, INITIAL_STATE);
  if (decision.verdict === 'allow') return [];
  const { path } = action;
  const text = `${path}: ${decision.reason} (${decision.rule})`;
  const more = { place: atFile(path), names: [path] };
  if (decision.verdict === 'ask') return [occurrence('needs-approval', 'approval', text, more)];
  return [occurrence('blocked', 'acceptance', text, more)];
}

function short(id: string | undefined): string {
  return id === undefined || id === '' ? 'unknown' : id.slice(0, 12);
}
