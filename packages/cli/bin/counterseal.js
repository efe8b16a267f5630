#!/usr/bin/env node
// npm links commands when it installs, and only to files that are there: in a clone, dist/ comes later.
import '../dist/main.js';
