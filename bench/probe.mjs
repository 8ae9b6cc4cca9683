// Loaded into the service under measurement: tells its parent what the process has used, and when it is asked only.
process.on('message', () => {
  process.send({ cpu: process.cpuUsage(), memory: process.memoryUsage.rss() });
});
process.channel.unref();
