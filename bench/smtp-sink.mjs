// An SMTP server that takes everything and keeps only when it came: run as a child process, it tells its parent its
// port and, when asked, the instants of arrival. As little as RFC 5321 allows, so that it is never what is measured.
import { createServer } from 'node:net';

const arrivals = [];
const END = '\r\n.\r\n';

const server = createServer((socket) => {
  let rest = '';
  let inMail = false;
  const say = (line) => socket.write(`${line}\r\n`);
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    rest += chunk.toString('latin1');
    for (;;) {
      const end = rest.indexOf(inMail ? END : '\r\n');
      if (end < 0) return;
      const line = inMail ? '' : rest.slice(0, end).toUpperCase();
      rest = rest.slice(end + (inMail ? END.length : 2));
      if (inMail) {
        inMail = false;
        arrivals.push(performance.timeOrigin + performance.now());
        say('250 taken');
      } else if (line === 'DATA') {
        inMail = true;
        say('354 go on');
      } else if (line === 'QUIT') {
        say('221 bye');
        socket.end();
      } else say(line.startsWith('EHLO') ? '250 sink' : '250 ok');
    }
  });
  say('220 sink ESMTP');
});

server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('message', (question) => {
  process.send({ count: arrivals.length, ...(question.instants && { instants: arrivals.splice(0) }) });
});
process.on('disconnect', () => process.exit());
