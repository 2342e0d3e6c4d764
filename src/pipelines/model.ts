import type { Gap, Node, Place, Script, ScriptLanguage, SourceFile } from '../syntax/index.ts';
import type { Effect } from './effect.ts';
import type { TemplateText, ValueReference } from './value.ts';

export type Platform = 'github' | 'gitlab' | 'jenkins' | 'azure' | 'gh-aw' | 'container';

/** Something written down, and where. */
export interface Located<T> {
  readonly value: T;
  readonly place: Place;
}

/** Who can cause an event without anybody's consent. */
export type Actor = 'anyone' | 'past-contributor' | 'member' | 'maintainer' | 'bot' | 'schedule' | 'other-pipeline';

export interface Trigger {
  /** In the platform's word: `pull_request_target`, `merge_request_event`, `scm`. */
  readonly event: string;
  readonly types: readonly Located<string>[];
  readonly branches: readonly Located<string>[];
  readonly paths: readonly Located<string>[];
  readonly who: Actor;
  /** The event brings text or code that an outsider wrote. */
  readonly untrusted: boolean;
  /** The run has the repository's secrets and write token even when an outsider caused it. */
  readonly privileged: boolean;
  readonly place: Place;
}

/** How hard it is to get past a gate: 0 none … 5 environment approval. */
export type GateStrength = 0 | 1 | 2 | 3 | 4 | 5;

/** A condition that decides who gets further. */
export interface Gate {
  /** 1 comment keyword · 2 label · 3 association, login list or permission check · 4 the action's own write check · 5 environment approval */
  readonly strength: GateStrength;
  readonly kind:
    | 'keyword'
    | 'label'
    | 'association'
    | 'login'
    | 'bot-name'
    | 'repository'
    | 'same-repository'
    | 'permission-check'
    | 'built-in'
    | 'environment'
    | 'branch-protection';
  /** Why it can be got round, when it can. */
  readonly spoofable: string | undefined;
  /** Who is checked: `actor`, `sender`, `comment-author`, `pull-request-author`, `label`. */
  readonly principal: string | undefined;
  readonly place: Place;
}

/** One way through a condition, when it has alternatives: for these events, past these gates. */
export interface Way {
  /** Undefined: for any event. */
  readonly events?: readonly string[];
  /** Not for these events. */
  readonly except?: readonly string[];
  readonly gates: readonly Gate[];
}

/** An `if:`, `rules:`, `when:` or `condition:`. */
export interface Condition {
  readonly text: TemplateText;
  readonly references: readonly ValueReference[];
  /** Gates of the weakest way. */
  readonly gates: readonly Gate[];
  /** Every way through, where the platform's reader tells them apart; see `gatesForEvent`. */
  readonly ways?: readonly Way[];
  /** Always true by a mistake in its form. */
  readonly alwaysTrue: boolean;
  /** Runs also after a failure: `always()`, `post { always }`. */
  readonly runsAfterFailure: boolean;
}

/** A named value: environment variable, input of an action, argument. */
export interface Entry {
  readonly name: string;
  readonly keyPlace: Place;
  readonly value: TemplateText;
  /** The value as it stands in the file, for inline JSON, lists and fixes. */
  readonly node: Node | undefined;
}

export interface PermissionScope {
  readonly name: string;
  readonly access: 'read' | 'write' | 'none';
  readonly place: Place;
}

export interface Permissions {
  readonly mode: 'map' | 'read-all' | 'write-all' | 'none';
  readonly scopes: readonly PermissionScope[];
  readonly place: Place;
}

export interface Runner {
  readonly labels: readonly Located<string>[];
  /** `persistent`: a machine that outlives the job. */
  readonly kind: 'hosted' | 'third-party' | 'persistent' | 'unknown';
}

/** A reference to code that lives elsewhere: `uses:`, `include:`, `@Library`, `template:`, an image. */
export interface Reference {
  readonly kind: 'repository' | 'local' | 'image' | 'url';
  /** `owner/name`, image without tag, local path or URL. */
  readonly name: string;
  /** Path inside a repository. */
  readonly path: string | undefined;
  readonly ref: string | undefined;
  /** `branch` by the usual names; `tag` for what looks like a version; `digest` for a full SHA or digest. */
  readonly refKind: 'digest' | 'tag' | 'branch' | 'none' | 'expression';
  /** A comment behind it, as `# v4.2.0`. */
  readonly comment: string | undefined;
  readonly place: Place;
}

/** The commands of a step, the followed scripts among them. */
export interface StepScript {
  readonly language: ScriptLanguage;
  readonly text: TemplateText;
  /** Spans are offsets into `text.text`; use `text.offsetOf`. */
  readonly script: Script;
}

/** A script of the repository that a step runs: `./ci/review.sh`, `npm run review`, `make review`. */
export interface FollowedScript {
  /** How it is reached, outermost first: `npm run review`, `scripts/review.sh`. */
  readonly via: readonly string[];
  readonly script: StepScript;
}

/** One thing a job does. */
export interface Step {
  readonly index: number;
  readonly id: string | undefined;
  readonly name: TemplateText | undefined;
  readonly place: Place;
  readonly condition: Condition | undefined;
  readonly environment: readonly Entry[];
  readonly workingDirectory: TemplateText | undefined;
  readonly continueOnError: Place | undefined;
  readonly timeoutMinutes: Located<number> | undefined;
  /** An action, task, template or shared-library step. */
  readonly uses: Reference | undefined;
  readonly inputs: readonly Entry[];
  readonly run: StepScript | undefined;
  readonly followed: readonly FollowedScript[];
  /** Steps of a composite action or template of this repository, read in place of `uses`. */
  readonly inner: readonly Step[];
  readonly effects: readonly Effect[];
  readonly node: Node | undefined;
}

/** A job that calls a whole pipeline. */
export interface Call {
  readonly reference: Reference;
  readonly inputs: readonly Entry[];
  readonly secrets:
    | { readonly mode: 'inherit'; readonly place: Place }
    | { readonly mode: 'map'; readonly entries: readonly Entry[] };
}

export interface Job {
  readonly id: string;
  readonly name: TemplateText | undefined;
  /** The job's key; `body` is everything. */
  readonly place: Place;
  readonly body: Place;
  readonly condition: Condition | undefined;
  /** Which events start this job, where the platform decides it a job (GitLab `rules`); undefined: all of the pipeline. */
  readonly triggers?: readonly Trigger[];
  readonly needs: readonly Located<string>[];
  readonly runner: Runner;
  /** Image of the job and its side containers. */
  readonly container: Container | undefined;
  readonly services: readonly Container[];
  /** What the job's token may do; undefined when neither job nor workflow says. */
  readonly permissions: Permissions | undefined;
  /** Deployment environment, with its protection unknown. */
  readonly deployment: Located<string> | undefined;
  readonly environment: readonly Entry[];
  readonly timeoutMinutes: Located<number> | undefined;
  readonly concurrency: Place | undefined;
  readonly outputs: readonly Entry[];
  readonly steps: readonly Step[];
  /** Steps that run whatever happened: `after_script`, `post`. They are among `steps` too. */
  readonly calls: Call | undefined;
  readonly effects: readonly Effect[];
  readonly node: Node | undefined;
}

export interface Container {
  readonly image: Reference | undefined;
  readonly user: string | undefined;
  readonly privileged: Place | undefined;
  readonly options: TemplateText | undefined;
  readonly mounts: readonly Located<string>[];
  readonly environment: readonly Entry[];
  readonly credentials: readonly Entry[];
  readonly place: Place;
}

export type PipelineRole =
  | 'workflow'
  | 'reusable'
  | 'composite-action'
  | 'action'
  | 'template'
  | 'agentic-source'
  | 'agentic-lock'
  | 'dependency-bot';

/** One pipeline file as the platform would read it, with exact positions. */
export interface Pipeline {
  readonly platform: Platform;
  readonly role: PipelineRole;
  readonly file: SourceFile;
  readonly name: Located<string> | undefined;
  readonly triggers: readonly Trigger[];
  /** Of the whole file; jobs that say nothing inherit them (`Job.permissions` holds the result). */
  readonly permissions: Permissions | undefined;
  readonly environment: readonly Entry[];
  readonly concurrency: Place | undefined;
  readonly jobs: readonly Job[];
  /** Inputs and outputs of a reusable part. */
  readonly inputs: readonly Entry[];
  readonly outputs: readonly Entry[];
  /** Pipelines or parts that it pulls in: `include:`, `@Library`, `resources.repositories`. */
  readonly includes: readonly Reference[];
  readonly root: Node | undefined;
  readonly gaps: readonly Gap[];
  /** Facts that only this platform has; see the platform's own file. */
  readonly special: PlatformFacts;
}

/** What only one platform knows, for the few rules of that platform. Each platform's folder defines its member. */
export interface PlatformFacts {
  readonly kind: 'none' | 'gh-aw' | 'gitlab' | 'jenkins' | 'azure' | 'dependency-bot';
  readonly entries: readonly { readonly key: string; readonly value: string; readonly place: Place }[];
}
