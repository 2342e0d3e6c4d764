import type { CommandRisk, RiskKind } from './command-risk.ts';
import type { CommandView } from './command-view.ts';
import { FOOTHOLD_FILES, LOG_FILES, PROFILE_FILES } from './programs.ts';
import { writtenBy } from './written-files.ts';

/** A command by its words: `program` and a pattern for everything behind it, joined by blanks. */
interface CommandRow {
  readonly kind: RiskKind;
  readonly program: RegExp;
  readonly rest: RegExp;
  readonly what: string;
}

const ROWS: readonly CommandRow[] = [
  { kind: 'persistence', program: /^crontab$/, rest: /^(?!-l\b).+/, what: 'changes the cron table' },
  {
    kind: 'persistence',
    program: /^(at|batch)$/,
    rest: /^(?!-l\b|-V\b|--help)/,
    what: 'schedules a command for later',
  },
  {
    kind: 'persistence',
    program: /^systemctl$/,
    rest: /^(--\w+ )*(enable|start|link|daemon-reload)\b/,
    what: 'starts a system service',
  },
  {
    kind: 'persistence',
    program: /^launchctl$/,
    rest: /^(load|bootstrap|submit|enable|start)\b/,
    what: 'starts a system service',
  },
  {
    kind: 'persistence',
    program: /^(update-rc\.d|chkconfig|rc-update)$/,
    rest: /\b(defaults|enable|add)\b|--add/,
    what: 'registers a service',
  },
  {
    kind: 'background',
    program: /^tmux$/,
    rest: /\bnew(-session)?\b.*(\s|^)-[a-z]*d/,
    what: 'leaves a detached session behind',
  },
  {
    kind: 'background',
    program: /^screen$/,
    rest: /^-[a-zA-Z]*d[a-zA-Z]*m/,
    what: 'leaves a detached session behind',
  },
  { kind: 'background', program: /^disown$/, rest: /^/, what: 'detaches a process from its session' },
  {
    kind: 'persistence',
    program: /^git$/,
    rest: /^config\b.*\bcore\.(hooksPath|fsmonitor|sshCommand|editor|pager)\s+["']?(\/|~|\$HOME|\.\.\/)/,
    what: 'points git at programs outside the repository',
  },
  { kind: 'log-wipe', program: /^history$/, rest: /^-[a-z]*[cdw]/, what: 'clears the shell history' },
  { kind: 'log-wipe', program: /^unset$/, rest: /\bHIST(FILE|SIZE)\b/, what: 'switches the shell history off' },
  { kind: 'log-wipe', program: /^journalctl$/, rest: /--vacuum|--rotate/, what: 'drops system logs' },
  { kind: 'log-wipe', program: /^(rm|shred|truncate|unlink)$/, rest: LOG_FILES, what: 'removes logs' },
  { kind: 'log-wipe', program: /^auditctl$/, rest: /-[eD]\b/, what: 'switches auditing off' },
  {
    kind: 'destruction',
    program: /^rm$/,
    rest: /(^|\s)-[a-zA-Z]*[rR].*(\s|^)["']?(\/|\/\*|~\/?|\$\{?HOME\}?\/?|\/(bin|boot|dev|etc|home|lib|opt|root|sbin|srv|sys|usr|var)\/?\*?)["']?(\s|$)|--no-preserve-root/,
    what: 'removes whole directories of the machine',
  },
  { kind: 'destruction', program: /^(mkfs(\.\w+)?|wipefs|fdisk)$/, rest: /\/dev\//, what: 'destroys a disk' },
  { kind: 'destruction', program: /^dd$/, rest: /\bof=\/dev\/(sd|nvme|hd|vd|disk|mmcblk)/, what: 'overwrites a disk' },
  {
    kind: 'privilege',
    program: /^chmod$/,
    rest: /(^|\s)(0?777|a\+rwx|\+rwx|[ugo]*\+s|[2467][0-7]{3})(\s|$)/,
    what: 'opens files to everybody or sets a set-user bit',
  },
  { kind: 'privilege', program: /^nsenter$/, rest: /(-t|--target)[ =]?1\b/, what: 'enters the namespaces of the host' },
  {
    kind: 'privilege',
    program: /^(docker|podman)$/,
    rest: /--privileged|docker\.sock|\s-v\s?\/:|--pid[= ]host/,
    what: 'starts a container that owns the host',
  },
];

/** What stays behind, what is wiped, and what grants more power. */
export function assessFootholds(views: readonly CommandView[]): readonly CommandRisk[] {
  return views.flatMap((view) => [
    ...byWords(view),
    ...byFiles(view),
    ...bySockets(view),
    ...byAssignments(view),
    ...byWrappers(view),
  ]);
}

function byWords(view: CommandView): readonly CommandRisk[] {
  const rest = view.words
    .slice(1)
    .map((word) => word.text)
    .join(' ')
    .slice(0, 1000);
  const row = ROWS.find((one) => one.program.test(view.program) && one.rest.test(rest));
  return row === undefined ? [] : [{ kind: row.kind, what: row.what, span: view.span }];
}

function byFiles(view: CommandView): readonly CommandRisk[] {
  const written = writtenBy(view);
  const risks: CommandRisk[] = [];
  for (const file of written) {
    const foothold = FOOTHOLD_FILES.find((one) => one.pattern.test(file.path));
    if (foothold !== undefined)
      risks.push({ kind: 'persistence', what: `writes ${foothold.what} (${file.path})`, span: file.span });
    else if (PROFILE_FILES.test(file.path))
      risks.push({ kind: 'profile-edit', what: `writes ${file.path}, which every shell runs`, span: file.span });
    else if (LOG_FILES.test(file.path) && view.program !== 'tee')
      risks.push({ kind: 'log-wipe', what: `overwrites ${file.path}`, span: file.span });
  }
  const host = view.words.find((word) => /\/proc\/1\/root\b|\/var\/spool\/cron\b/.test(word.text));
  if (risks.length === 0 && host !== undefined)
    risks.push({ kind: 'persistence', what: `reaches ${host.text}`, span: host.span });
  return risks;
}

function bySockets(view: CommandView): readonly CommandRisk[] {
  const device = /\/dev\/(tcp|udp)\//;
  const redirect = view.command.redirects.find((one) => device.test(one.target?.source ?? ''));
  const word = view.words.find((one) => device.test(one.text) && one.text.length < 400);
  if (redirect !== undefined || word !== undefined) {
    return [
      { kind: 'reverse-shell', what: 'connects the shell to a socket through /dev/tcp', span: word?.span ?? view.span },
    ];
  }
  const gives = view.words.slice(1).some((one) => /^-[a-z]{0,5}[ec]$|^--(exec|sh-exec)|^EXEC:|SYSTEM:/i.test(one.text));
  const socket = /^(nc|ncat|netcat|socat)$/.test(view.program);
  return socket && gives
    ? [{ kind: 'reverse-shell', what: `gives ${view.program} a program to serve`, span: view.span }]
    : [];
}

function byAssignments(view: CommandView): readonly CommandRisk[] {
  const assigned = [
    ...view.command.assignments.map(({ name, value }) => ({ name, text: value?.literal ?? value?.source ?? '' })),
    ...view.words.slice(1).flatMap((word) => {
      const equals = ['export', 'env', 'declare'].includes(view.program) ? word.text.indexOf('=') : -1;
      return equals > 0 ? [{ name: word.text.slice(0, equals), text: word.text.slice(equals + 1) }] : [];
    }),
  ];
  return assigned.flatMap(({ name, text }): CommandRisk[] => {
    const value = text.replace(/^["']|["']$/g, '');
    if (/^(LD_PRELOAD|DYLD_INSERT_LIBRARIES|LD_AUDIT)$/.test(name) && !/^\/(usr|lib|opt)\//.test(value)) {
      return [{ kind: 'privilege', what: `loads ${value} into every program`, span: view.span }];
    }
    if (
      name === 'PATH' &&
      /(^|:)(\.{0,2}|\/tmp[^:]{0,200}|\/dev\/shm[^:]{0,200}|\/var\/tmp[^:]{0,200})(:|$)/.test(value)
    ) {
      return [{ kind: 'privilege', what: 'lets anybody who can write a folder replace programs', span: view.span }];
    }
    if (/^HIST(FILE|SIZE)$/.test(name) && /^(\/dev\/null|0|)$/.test(value)) {
      return [{ kind: 'log-wipe', what: 'switches the shell history off', span: view.span }];
    }
    return [];
  });
}

/** Upkeep that everybody runs as root on a build machine: nobody gains power by it. */
const PLAIN_AS_ROOT: readonly (readonly [program: RegExp, rest: RegExp])[] = [
  [
    /^(apt|apt-get|aptitude|dnf|yum|zypper|microdnf)$/,
    /^(-\S+\s+)*(update|upgrade|dist-upgrade|check-update|makecache|refresh|clean|autoremove|autoclean|list|search|show)\b/,
  ],
  [/^apk$/, /^(-\S+\s+)*(update|upgrade|info|search)\b/],
  [/^pacman$/, /^-(Sy?u?y?|Q\w*|Ss)$/],
  [/^(systemctl|service)$/, /(^|\s)(status|is-active|is-enabled|list-units)\b/],
  [/^(ldconfig|update-ca-certificates|locale-gen|sync)$/, /^(-\S+\s*)*$/],
];

/** Options of package managers may name programs to run. */
function isPlainAsRoot(view: CommandView): boolean {
  const rest = view.words
    .slice(1)
    .map((word) => word.text)
    .join(' ')
    .slice(0, 1000);
  if (/(^|\s)-[oc]|Invoke|Acquire::|--config|--option/i.test(rest)) return false;
  return PLAIN_AS_ROOT.some(([program, pattern]) => program.test(view.program) && pattern.test(rest));
}

function byWrappers(view: CommandView): readonly CommandRisk[] {
  const root = isPlainAsRoot(view) ? undefined : view.wrappers.find((one) => one === 'sudo' || one === 'doas');
  const risks: CommandRisk[] =
    root === undefined ? [] : [{ kind: 'privilege', what: `runs ${view.program} as root`, span: view.span }];
  const detached = view.wrappers.some((one) => one === 'nohup' || one === 'setsid') && view.command.background;
  if (detached) risks.push({ kind: 'background', what: `leaves ${view.program} running behind`, span: view.span });
  return risks;
}
