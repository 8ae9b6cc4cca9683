export default async function tearDown() {
  const { server, door } = globalThis.relanceTestRun;
  door.closeAllConnections();
  await new Promise((resolve) => door.close(resolve));
  await server.stop();
}
