import { after, before, describe, it } from 'node:test';
import { type Case, checkCase, sentenceOf } from '../cases.ts';
import { loadTools, type Tools } from '../trees.ts';

const CASES: readonly Case[] = [
  {
    name: 'old protocols of nginx',
    file: 'deploy/nginx.conf',
    before: 'server {\n  listen 443 ssl;\n  ssl_protocols TLSv1.2 TLSv1.3;\n}\n',
    after: 'server {\n  listen 443 ssl;\n  ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;\n}\n',
    control: 'tls-check-off',
  },
  {
    name: 'a location of nginx without its password',
    file: 'deploy/nginx.conf',
    before:
      'location /admin {\n  auth_basic "Admin";\n  auth_basic_user_file /etc/htpasswd;\n  proxy_pass http://app;\n}\n',
    after: 'location /admin {\n  proxy_pass http://app;\n}\n',
    control: 'protective-setting-off',
  },
  {
    name: 'a location of nginx that refuses nobody',
    file: 'nginx/conf.d/app.conf',
    before: 'location /internal {\n  allow 10.0.0.0/8;\n  deny all;\n}\n',
    after: 'location /internal {\n  allow all;\n}\n',
    control: 'protective-setting-off',
  },
  {
    name: 'headers of nginx that are gone',
    file: 'nginx/conf.d/app.conf',
    before:
      'server {\n  add_header Strict-Transport-Security "max-age=31536000";\n  add_header X-Frame-Options DENY;\n  root /srv;\n}\n',
    after: 'server {\n  root /srv;\n}\n',
    control: 'protective-setting-off',
  },
  {
    name: 'a policy for pages that lets everything in',
    file: 'nginx/conf.d/app.conf',
    before: 'server {\n  add_header Content-Security-Policy "default-src \'self\'";\n}\n',
    after: 'server {\n  add_header Content-Security-Policy "default-src * \'unsafe-inline\'";\n}\n',
    control: 'protective-setting-off',
  },
  {
    name: 'a listing of files',
    file: 'nginx/nginx.conf',
    before: 'location /files {\n  autoindex off;\n}\n',
    after: 'location /files {\n  autoindex on;\n}\n',
    control: 'protective-setting-off',
  },
  {
    name: 'a certificate of the client that nobody checks',
    file: 'nginx/nginx.conf',
    before: 'server {\n  ssl_verify_client on;\n}\n',
    after: 'server {\n  ssl_verify_client optional_no_ca;\n}\n',
    control: 'tls-check-off',
  },
  {
    name: 'a newer protocol and another address in nginx',
    file: 'nginx/nginx.conf',
    before:
      'server {\n  listen 443 ssl;\n  ssl_protocols TLSv1.2;\n  location / {\n    proxy_pass http://app;\n  }\n}\n',
    after:
      'server {\n  listen 443 ssl http2;\n  ssl_protocols TLSv1.2 TLSv1.3;\n  keepalive_timeout 65;\n  location / {\n    proxy_pass http://app:8080;\n    proxy_set_header Host $host;\n  }\n}\n',
    control: undefined,
  },
  {
    name: 'a folder of Apache for everybody',
    file: 'httpd/site.conf',
    before: '<Directory "/srv/admin">\n  AuthType Basic\n  Require valid-user\n</Directory>\n',
    after: '<Directory "/srv/admin">\n  Require all granted\n</Directory>\n',
    control: 'protective-setting-off',
  },
  {
    name: 'old protocols of Apache',
    file: 'httpd/ssl.conf',
    before: 'SSLProtocol -all +TLSv1.2 +TLSv1.3\n',
    after: 'SSLProtocol all -SSLv3\n',
    control: 'tls-check-off',
  },
  {
    name: 'a folder file that refuses nobody',
    file: 'public/.htaccess',
    before: 'Options -Indexes\nRequire ip 10.0.0.0/8\n',
    after: 'Options +Indexes\n',
    control: 'protective-setting-off',
  },
  {
    name: 'a site of Caddy without its password',
    file: 'Caddyfile',
    before: 'app.example.test {\n  basic_auth {\n    admin $2a$14$x\n  }\n  reverse_proxy app:80\n}\n',
    after: 'app.example.test {\n  reverse_proxy app:80\n}\n',
    control: 'protective-setting-off',
  },
  {
    name: 'a proxy of Caddy that checks no certificate',
    file: 'Caddyfile',
    before: 'app.example.test {\n  reverse_proxy https://app:443\n}\n',
    after:
      'app.example.test {\n  reverse_proxy https://app:443 {\n    transport http {\n      tls_insecure_skip_verify\n    }\n  }\n}\n',
    control: 'tls-check-off',
  },
  {
    name: 'a proxy that refuses and checks less',
    file: 'haproxy.cfg',
    before:
      'frontend web\n  bind :443 ssl crt /etc/c.pem ssl-min-ver TLSv1.2\n  http-request deny if !internal\n  default_backend app\nbackend app\n  server a 10.0.0.1:443 ssl verify required ca-file /etc/ca\n',
    after:
      'frontend web\n  bind :443 ssl crt /etc/c.pem ssl-min-ver TLSv1.0\n  default_backend app\nbackend app\n  server a 10.0.0.1:443 ssl verify none\n',
    control: 'protective-setting-off',
  },
  {
    name: 'sign-in as root',
    file: 'files/sshd_config',
    before: 'PermitRootLogin no\nPasswordAuthentication no\n',
    after: 'PermitRootLogin yes\nPasswordAuthentication yes\n',
    control: 'protective-setting-off',
  },
  {
    name: 'settings in another order',
    file: 'nginx/nginx.conf',
    before:
      'server {\n  server_name a.example.test;\n  add_header X-Frame-Options DENY;\n  location /admin {\n    auth_basic "x";\n    proxy_pass http://a;\n  }\n}\n',
    after:
      '# web\nserver {\n  server_name a.example.test b.example.test;\n  location /admin {\n    # login\n    auth_basic "Administration";\n    proxy_pass http://b:8080;\n    proxy_read_timeout 60s;\n  }\n  add_header X-Frame-Options "SAMEORIGIN" always;\n}\n',
    control: undefined,
  },
  {
    name: 'a location under another name',
    file: 'nginx/nginx.conf',
    before: 'server {\n  location /adm {\n    auth_basic "x";\n    auth_basic_user_file f;\n    deny all;\n  }\n}\n',
    after: 'server {\n  location /admin {\n    auth_basic "x";\n    auth_basic_user_file f;\n    deny all;\n  }\n}\n',
    control: undefined,
  },
  {
    name: 'a location that is gone with its route',
    file: 'nginx/nginx.conf',
    before:
      'server {\n  location / {\n    proxy_pass http://a;\n  }\n  location /old {\n    auth_basic "x";\n    proxy_pass http://b;\n  }\n}\n',
    after: 'server {\n  location / {\n    proxy_pass http://a;\n  }\n}\n',
    control: undefined,
  },
  {
    name: 'a location that refused',
    file: 'nginx/nginx.conf',
    before: 'server {\n  location / {\n    root /srv;\n  }\n  location ~ /\\.git {\n    deny all;\n  }\n}\n',
    after: 'server {\n  location / {\n    root /srv;\n  }\n}\n',
    control: 'protective-setting-off',
  },
  {
    name: 'every origin',
    file: 'nginx/nginx.conf',
    before: 'server {\n  location /api {\n    proxy_pass http://a;\n  }\n}\n',
    after:
      'server {\n  location /api {\n    add_header Access-Control-Allow-Origin *;\n    proxy_pass http://a;\n  }\n}\n',
    control: 'protective-setting-off',
  },
  {
    name: 'another group',
    file: 'httpd/site.conf',
    before:
      '<VirtualHost *:443>\n  ServerName a\n  <Directory "/srv/admin">\n    AuthType Basic\n    Require valid-user\n  </Directory>\n</VirtualHost>\n',
    after:
      '<VirtualHost *:443>\n  ServerName a\n  ServerAlias b\n  <Directory "/srv/admin">\n    AuthType Basic\n    Require group admins\n  </Directory>\n  ErrorLog logs/e\n</VirtualHost>\n',
    control: undefined,
  },
  {
    name: 'a further user',
    file: 'Caddyfile',
    before: 'app.example.test {\n  basic_auth {\n    admin $2a$14$x\n  }\n  reverse_proxy app:80\n}\n',
    after:
      'app.example.test {\n  encode zstd\n  basic_auth {\n    admin $2a$14$y\n    ann $2a$14$z\n  }\n  reverse_proxy app:8080\n}\n',
    control: undefined,
  },
  {
    name: 'a newer protocol of a proxy',
    file: 'haproxy.cfg',
    before: 'frontend web\n  bind :443 ssl crt /etc/c.pem ssl-min-ver TLSv1.2\n  default_backend app\n',
    after:
      'frontend web\n  bind :443 ssl crt /etc/d.pem ssl-min-ver TLSv1.3\n  timeout client 30s\n  default_backend app\n',
    control: undefined,
  },
  {
    name: 'another port',
    file: 'files/sshd_config',
    before: 'PermitRootLogin no\nPort 22\n',
    after: 'Port 2222\nPermitRootLogin no\nClientAliveInterval 60\n',
    control: undefined,
  },
];

describe('settings of servers', () => {
  let tools: Tools;
  before(async () => {
    tools = await loadTools();
  });
  after(() => tools.grammars[Symbol.dispose]());

  for (const row of CASES) it(sentenceOf(row), () => checkCase(row, tools));
});
