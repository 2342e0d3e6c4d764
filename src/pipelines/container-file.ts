import type { Gap, Node, Place, SourceFile } from '../syntax/index.ts';
import type { Effect } from './effect.ts';
import type { Container, Entry, Located, StepScript } from './model.ts';

/**
 * When a command of a container runs: while the image is built (`onbuild`: in the build of whoever uses it as a base),
 * when the container starts, by the health check, when a developer's container is created, or on the developer's own
 * machine before that.
 */
export type CommandMoment = 'build' | 'onbuild' | 'start' | 'health' | 'create' | 'host';

/** A word of a command line, as far as it is known before the command runs. */
export interface ContainerWord {
  readonly text: string;
  readonly complete: boolean;
  readonly place: Place;
}

/** One simple command that a container runs, wherever in a script it stands. */
export interface ContainerCommand {
  readonly moment: CommandMoment;
  readonly words: readonly ContainerWord[];
  /** `NAME=value` in front of it. */
  readonly assignments: readonly { readonly name: string; readonly value: ContainerWord }[];
  readonly place: Place;
}

/** One command line or script, with what it does. */
export interface ContainerScript {
  readonly moment: CommandMoment;
  readonly script: StepScript;
  readonly effects: readonly Effect[];
  /** The instruction or key that holds it. */
  readonly place: Place;
}

/** Something from outside that a container sees as a path. */
export interface ContainerMount {
  readonly kind:
    | 'host'
    | 'volume'
    | 'secret'
    | 'config-map'
    | 'service-account-token'
    | 'memory'
    | 'build-cache'
    | 'build-secret'
    | 'ssh-agent'
    | 'other';
  /** Path of the host, or name of the volume or secret. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  readonly place: Place;
  /** The list item or key that goes when the mount goes; the whole key where it is the only item. */
  readonly removal: Place;
}

/** A switch that decides how well the container is closed, in one word for every kind of file. */
export interface ContainerSetting {
  readonly name:
    | 'privileged'
    | 'allow-privilege-escalation'
    | 'capability'
    | 'dropped-capability'
    | 'host-network'
    | 'host-pid'
    | 'host-ipc'
    | 'host-user'
    | 'seccomp'
    | 'security-option'
    | 'device'
    | 'read-only-root'
    | 'memory-limit'
    | 'cpu-limit'
    | 'process-limit'
    | 'run-as-user'
    | 'run-as-non-root'
    | 'network'
    | 'feature'
    | 'run-argument';
  readonly text: string;
  readonly place: Place;
  readonly removal: Place;
}

/** A whole secret or file of variables that becomes environment: `envFrom`, `env_file`. */
export interface SecretImport {
  readonly kind: 'secret' | 'config-map' | 'file';
  readonly name: string;
  readonly place: Place;
}

/** What a Kubernetes object says about the pod around its containers. */
export interface PodFacts {
  /** `Pod`, `Job`, `CronJob`, `Deployment`, … */
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly labels: readonly { readonly name: string; readonly value: string }[];
  /** The pod's `spec`: where keys of the pod are added. */
  readonly specification: Place;
  readonly serviceAccount: string | undefined;
  /**
   * Whether a token for the cluster's API is mounted: said by the pod, by the service account in this repository, or by
   * nobody, which means yes.
   */
  readonly automount: { readonly state: 'on' | 'off' | 'default'; readonly place: Place | undefined };
  /** Policies of this repository that select the pod and limit what leaves it. */
  readonly egressPolicies: readonly Located<string>[];
}

/** A container as a file of the repository describes it: a stage, a service, a container of a pod, a dev container. */
export interface DeclaredContainer extends Container {
  /** Name of stage, service or container. */
  readonly name: Located<string> | undefined;
  /** Everything that describes it. */
  readonly body: Place;
  /** Where `user` was set; undefined where it comes from the base image. For a stage the nearest, in its base stages too. */
  readonly userPlace: Place | undefined;
  /** A stage that other stages or nobody starts from: what is built by default is the last one. */
  readonly final: boolean;
  /** Name of the earlier stage it starts from. */
  readonly baseStage: string | undefined;
  /** The Dockerfile that builds it, when the file names one. */
  readonly buildFile: string | undefined;
  /** ARG of a stage, `build.args` of a service. */
  readonly buildArguments: readonly Entry[];
  readonly labels: readonly Entry[];
  readonly scripts: readonly ContainerScript[];
  readonly commands: readonly ContainerCommand[];
  readonly mountPoints: readonly ContainerMount[];
  readonly settings: readonly ContainerSetting[];
  readonly imports: readonly SecretImport[];
  readonly pod: PodFacts | undefined;
  readonly node: Node | undefined;
}

/** A container file: Dockerfile, compose file, Kubernetes object, dev container. */
export interface ContainerFile {
  readonly kind: 'dockerfile' | 'compose' | 'kubernetes' | 'devcontainer';
  readonly file: SourceFile;
  readonly containers: readonly DeclaredContainer[];
  readonly gaps: readonly Gap[];
}
