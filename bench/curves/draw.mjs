/**
 * Draws a curve as an SVG: its panels side by side, a line for each contender
 * with the range of the rounds around it.
 */
import * as echarts from "echarts";

/**
 * @typedef {import("./index.mjs").Curve} Curve
 * @typedef {import("../statistics.mjs").Spread} Spread
 * @typedef {{ x: number, contender: string, figures: Record<string, Spread> }} Measured
 */

const WIDTH = 460;
const HEIGHT = 340;
const LEFT = 62;
const COLORS = ["#0b7285", "#e8590c", "#868e96"];
const SHAPES = ["circle", "rect", "triangle"];

/**
 * @param {Curve} curve
 * @param {Measured[]} measured
 * @returns {string}
 */
export function drawCurve({ title, x, panels }, measured) {
  const contenders = [...new Set(measured.map(({ contender }) => contender))];
  const chart = echarts.init(null, null, {
    renderer: "svg",
    ssr: true,
    width: WIDTH * panels.length,
    height: HEIGHT,
  });
  const xs = measured.map((one) => one.x);
  chart.setOption({
    animation: false,
    backgroundColor: "#ffffff",
    color: COLORS,
    title: { text: title, left: 16, top: 8, textStyle: { fontSize: 15 } },
    legend: { data: contenders, right: 16, top: 10 },
    grid: panels.map((_, at) => ({
      left: at * WIDTH + LEFT,
      width: WIDTH - LEFT - 24,
      top: 76,
      bottom: 54,
    })),
    xAxis: panels.map((_, at) => ({
      type: "log",
      gridIndex: at,
      name: x,
      nameLocation: "middle",
      nameGap: 30,
      min: Math.min(...xs),
      max: Math.max(...xs),
      axisLabel: { formatter: short },
      splitLine: { show: true, lineStyle: { color: "#f1f3f5" } },
    })),
    yAxis: panels.map(({ title: name, log }, at) => ({
      type: log ? "log" : "value",
      gridIndex: at,
      name,
      nameTextStyle: { align: "left", padding: [0, 0, 0, 4 - LEFT / 2] },
      ...(log ? {} : { min: 0 }),
      axisLabel: { formatter: short },
      splitLine: { show: true, lineStyle: { color: "#e9ecef" } },
    })),
    series: panels.flatMap(({ figure }, panel) =>
      contenders.map((contender, at) => ({
        type: "line",
        name: contender,
        xAxisIndex: panel,
        yAxisIndex: panel,
        symbol: SHAPES[at % SHAPES.length],
        symbolSize: 7,
        itemStyle: { color: COLORS[at % COLORS.length] },
        data: measured
          .filter(
            (one) =>
              one.contender === contender &&
              Number.isFinite(one.figures[figure]?.median),
          )
          .map((one) => [one.x, one.figures[figure].median]),
      })),
    ),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}

/** @param {number} value */
function short(value) {
  if (value >= 1e6) return `${value / 1e6}M`;
  if (value >= 1e3) return `${Math.round(value / 100) / 10}k`;
  return String(Number(value.toPrecision(3)));
}
