// Loaded first (node -r) and plain enough for any Node: an older one would only complain about the ending ".ts".
var parts = process.versions.node.split('.').map(Number)
if (parts[0] < 24 || (parts[0] === 24 && parts[1] < 7)) {
  console.error('User 360 needs Node 24.7 or later; this is ' + process.versions.node + '. On Linux (x64, arm64) `npm ci` brings one along and `npm start` uses it; elsewhere install it from https://nodejs.org.')
  process.exit(1)
}
