/** A Flask program whose handler has this body; `q` holds the visitor's text. */
export function flaskProgram(body: string, above = ''): string {
  const inner = body
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
  return [
    'import os, io, re, html, shlex, base64, configparser, pathlib, requests, vendor',
    'from urllib.parse import urlparse',
    'from flask import Flask, request, redirect, session, abort',
    'from lxml import etree',
    'from vendor import wrap',
    'app = Flask(__name__)',
    above,
    "@app.route('/x', methods=['POST'])",
    'def handler():',
    "    q = request.args.get('q')",
    inner,
    "    return 'ok'",
    '',
  ].join('\n');
}
