/** Asks again and again until the answer is true. Throws `what()` when it never becomes so. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  {
    within = 30_000,
    every = 25,
    what = () => 'the condition',
  }: { within?: number; every?: number; what?: () => string } = {},
): Promise<void> {
  const deadline = performance.now() + within;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`${what()}: not within ${within} ms`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
