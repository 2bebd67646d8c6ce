/* global describe, it, xit, expect, __karma__ */
describe("a suite", () => {
  it("passes", () => {
    expect("ü".length).toBe(1);
  });
  it("fails", () => {
    expect(1).toBe(2);
  });
  xit("is skipped", () => undefined);
  it("logs", () => {
    console.log("hällo", { of: __karma__.config.args[0] });
    expect(true).toBe(true);
  });
  for (let i = 0; i < 60; i++)
    it(`is number ${i} of many`, () => {
      expect(i).toBe(i);
    });
});
