import { expect, it } from 'vitest';
import { originForm } from './request-target.js';

it.each([
  ['/demo/image/upload/x.png?a=b', '/demo/image/upload/x.png?a=b'],
  ['http://localhost:8420/health', '/health'],
  ['HTTPS://media.example.com/demo/x?http://y/', '/demo/x?http://y/'],
  ['http://localhost', '/'],
  ['http://localhost?token=x', '/?token=x'],
  ['http://user@[::1]:80/a', '/a'],
  ['//demo/image', '//demo/image'],
  ['/http://demo', '/http://demo'],
  ['*', '*'],
  ['ftp://localhost/x', 'ftp://localhost/x'],
])('%s is %s', (target, expected) => expect(originForm(target)).toBe(expected));
