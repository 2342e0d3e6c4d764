import type { RuleExample } from '../../../findings/index.ts';

/** A Dockerfile of an agent against which nothing can be said; rules put one weakness into it. */
export const SOUND_DOCKERFILE = `FROM node@sha256:0f5e3c1b7a9d4826e0c3b5a7918d2f4e6c8b0a1d3f5e7092b4c6d8e0f1a3b5c7
RUN npm install -g @anthropic-ai/claude-code@2.1.329
USER node
ENTRYPOINT ["claude", "-p", "--permission-mode", "plan"]
`;

/** A pod of an agent against which nothing can be said. */
export const SOUND_POD = `apiVersion: batch/v1
kind: Job
metadata:
  name: review
  namespace: agents
spec:
  template:
    metadata:
      labels:
        app: review
    spec:
      automountServiceAccountToken: false
      restartPolicy: Never
      containers:
        - name: agent
          image: registry.example.test/agent@sha256:0f5e3c1b7a9d4826e0c3b5a7918d2f4e6c8b0a1d3f5e7092b4c6d8e0f1a3b5c7
          command: ["claude", "-p", "Review the change"]
          env:
            - name: ANTHROPIC_API_KEY
              valueFrom:
                secretKeyRef:
                  name: model
                  key: key
          securityContext:
            runAsNonRoot: true
            runAsUser: 1000
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            seccompProfile:
              type: RuntimeDefault
          resources:
            limits:
              cpu: "2"
              memory: 2Gi
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: review-egress
  namespace: agents
spec:
  podSelector:
    matchLabels:
      app: review
  policyTypes: [Egress]
  egress:
    - to:
        - podSelector:
            matchLabels:
              app: model-proxy
`;

/** A compose service of an agent against which nothing can be said. */
export const SOUND_COMPOSE = `services:
  agent:
    image: registry.example.test/agent@sha256:0f5e3c1b7a9d4826e0c3b5a7918d2f4e6c8b0a1d3f5e7092b4c6d8e0f1a3b5c7
    command: ["claude", "-p", "Review the change"]
    user: "1000"
    read_only: true
    mem_limit: 2g
    security_opt:
      - no-new-privileges:true
    environment:
      ANTHROPIC_API_KEY: \${ANTHROPIC_API_KEY}
    volumes:
      - ./:/work
    networks:
      - closed
networks:
  closed:
    internal: true
`;

export const SOUND_DEVCONTAINER = `{
  "image": "registry.example.test/claude-code@sha256:0f5e3c1b7a9d4826e0c3b5a7918d2f4e6c8b0a1d3f5e7092b4c6d8e0f1a3b5c7",
  "remoteUser": "node",
  "mounts": ["source=agent-state,target=/root/.claude,type=volume"]
}
`;

export function dockerfile(text: string): readonly RuleExample[] {
  return [{ file: 'Dockerfile', text }];
}

export function pod(text: string): readonly RuleExample[] {
  return [{ file: 'deploy/agent.yaml', text }];
}

export function compose(text: string): readonly RuleExample[] {
  return [{ file: 'compose.yaml', text }];
}

export function devcontainer(text: string): readonly RuleExample[] {
  return [{ file: '.devcontainer/devcontainer.json', text }];
}
