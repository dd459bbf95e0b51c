(() => {
  'use strict';

  const root = document.documentElement;
  const report = JSON.parse(document.getElementById('data').textContent);
  const charts = new Map(report.charts.map((chart) => [chart.id, chart]));
  const pen = document.createElement('canvas').getContext('2d');
  const SMALL = 12;
  const NORMAL = 13;

  const language = () => (root.lang === 'en' ? 'en' : 'zh');

  // ── Looks

  const look = () => {
    const style = getComputedStyle(root);
    const tokens = ['surface', 'sunken', 'line', 'ctl', 'ink', 'ink-2', 'ink-3', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6'];
    const colours = Object.fromEntries(tokens.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    return { ...colours, font: style.fontFamily };
  };

  const width = (text, size, colours) => {
    pen.font = `${size}px ${colours.font}`;
    return pen.measureText(text).width;
  };
  const widest = (texts, size, colours) => Math.max(0, ...texts.map((text) => width(text, size, colours)));

  const texture = (number, colours) => {
    const strokes = { color: colours.surface, dashArrayX: [1, 0], symbolSize: 1 };
    return [
      null,
      { ...strokes, dashArrayY: [1.5, 4], rotation: -Math.PI / 4 },
      { color: colours.surface, symbol: 'circle', dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [6, 0], symbolSize: 0.5 },
      { ...strokes, dashArrayY: [1.5, 4], rotation: Math.PI / 2 },
      { ...strokes, dashArrayY: [1.5, 4], rotation: Math.PI / 4 },
    ][number];
  };
  const fill = (series, colours) => ({ color: colours[series.colour], decal: texture(series.texture, colours) || { symbol: 'none' } });

  // ── Words

  const SAFE = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  const safe = (text) => String(text).replace(/[&<>"']/g, (char) => SAFE[char]);
  const number = (value) => value.toLocaleString('en-US', { maximumFractionDigits: 4 }).replace('-', '−');

  const told = (say, place) => {
    const rows = say.series.map((series) => `<div>${safe(series.name)}&emsp;<b>${safe(series.exact[place])}</b></div>`);
    return `<div>${safe(say.names[place])}</div>${rows.join('')}`;
  };

  // ── Parts of an option

  const frame = (colours) => ({
    animation: false,
    textStyle: { fontFamily: colours.font, color: colours['ink-2'], fontSize: NORMAL },
    tooltip: {
      confine: true,
      backgroundColor: colours.surface,
      borderColor: colours.ctl,
      textStyle: { color: colours.ink, fontSize: NORMAL, fontFamily: colours.font },
      extraCssText: 'box-shadow:none;max-width:90%;white-space:normal;font-variant-numeric:tabular-nums',
      axisPointer: { type: 'shadow', shadowStyle: { color: colours.ctl, opacity: 0.12 }, lineStyle: { color: colours.ctl } },
    },
  });

  const values = (colours, room) => ({
    type: 'value',
    splitNumber: Math.max(2, Math.min(5, Math.floor(room / 90))),
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: colours.line }, showMinLine: true, showMaxLine: true },
    axisLabel: { color: colours['ink-3'], fontSize: SMALL, formatter: number, hideOverlap: true },
  });

  const legend = (entries, colours, room) => {
    if (!entries.length) return { part: undefined, height: 0 };
    let rows = 1;
    let used = 0;
    for (const entry of entries) {
      const wide = 26 + width(entry.name, NORMAL, colours) + 20;
      if (used && used + wide > room) { rows += 1; used = 0; }
      used += wide;
    }
    const part = {
      data: entries, left: 0, top: 0, padding: 0, itemWidth: 18, itemHeight: 11, itemGap: 20, selectedMode: false,
      width: room, textStyle: { color: colours.ink, fontSize: NORMAL },
    };
    return { part, height: rows * 24 + 4 };
  };

  const zero = (colours, lying) => ({
    silent: true, symbol: 'none', z: 1, label: { show: false }, animation: false, emphasis: { disabled: true },
    lineStyle: { color: colours.ctl, type: 'solid', width: 1 }, data: [lying ? { xAxis: 0 } : { yAxis: 0 }],
  });

  const halo = (colours) => ({ color: colours['ink-2'], fontSize: SMALL, textBorderColor: colours.surface, textBorderWidth: 3 });

  // ── Bars

  const ends = (chart, say) => {
    const sums = say.names.map((_, place) => {
      const found = say.series.map((series) => series.values[place] || 0);
      if (!chart.stacked) return [Math.min(0, ...found), Math.max(0, ...found)];
      const sum = (part) => part.reduce((a, b) => a + b, 0);
      return [sum(found.filter((value) => value < 0)), sum(found.filter((value) => value > 0))];
    });
    return [Math.min(0, ...sums.map((pair) => pair[0])), Math.max(0, ...sums.map((pair) => pair[1]))];
  };

  const labelled = (chart, lying, say, series, index, place) => {
    const value = series.values[place];
    const back = (value || 0) < 0;
    const position = lying ? (back ? 'left' : 'right') : (back ? 'bottom' : 'top');
    if (!chart.stacked) return { text: series.texts[place], position };
    const side = (other) => { const at = other.values[place]; return back ? at < 0 : at > 0; };
    const outer = !say.series.slice(index + 1).some(side) && (value || !say.series.some((other) => other.values[place]));
    const only = !value && index > 0;
    return { text: outer && !only ? say.sums[place][back ? 'low' : 'high'] : '', position };
  };

  const bars = (chart, say, colours, room) => {
    const above = room < 480;
    const lying = chart.lying || above;
    const lanes = chart.stacked ? 1 : say.series.length;
    const [low, high] = ends(chart, say);
    const labels = say.series.map((series, index) => say.names.map((_, place) => labelled(chart, lying, say, series, index, place)));
    const margin = widest(labels.flat().map((label) => label.text), SMALL, colours) + 10;
    const top = legend(say.series.length > 1 ? say.series.map(({ name }) => ({ name, icon: 'roundRect' })) : [], colours, room);
    const draw = above ? namedAbove : lying ? lyingBars : standingBars;
    const shape = draw({ chart, say, colours, room, lanes, low, high, margin, top: top.height });
    const series = say.series.map((one, index) => ({
      type: 'bar',
      name: one.name,
      stack: chart.stacked ? 'all' : undefined,
      barWidth: shape.thick,
      barGap: `${Math.round((3 / shape.thick) * 100)}%`,
      itemStyle: fill(one, colours),
      emphasis: { disabled: true },
      label: { show: true, ...halo(colours), formatter: ({ data }) => data.text },
      markLine: index || (above && low === 0) ? undefined : zero(colours, lying),
      data: one.values.map((value, place) => {
        const { text, position } = labels[index][place];
        return { value: value === null ? 0 : value, text: shape.labels ? text : '', label: { position } };
      }),
    }));
    const tooltip = { trigger: 'axis', formatter: (hits) => told(say, hits[0].dataIndex) };
    const base = frame(colours);
    if (above) series.unshift(nameLane(say, shape, colours, room));
    return {
      height: shape.height,
      option: { ...base, tooltip: { ...base.tooltip, ...tooltip }, legend: top.part, ...shape.axes, series },
    };
  };

  const lyingBars = ({ say, colours, room, lanes, low, high, margin, top }) => {
    const thick = 17;
    const names = Math.min(widest(say.names, NORMAL, colours) + 2, Math.max(room * 0.36, 96));
    const lines = Math.max(...say.names.map((name) => Math.ceil((width(name, NORMAL, colours) + 2) / names)));
    const pitch = Math.max(lanes * thick + (lanes - 1) * 3 + 12, Math.min(lines > 1 ? lines + 0.25 : 1, 4) * 16 + 6);
    const height = Math.round(top + say.names.length * pitch + 30);
    const left = names + 12 + (low < 0 ? margin : 0);
    const value = values(colours, room - left - margin);
    return {
      thick,
      labels: true,
      height,
      axes: {
        grid: { left, right: margin, top: top + 4, bottom: 26 },
        xAxis: {
          ...value, min: low, max: high || 1,
          splitLine: { ...value.splitLine, showMinLine: low === 0, showMaxLine: false },
          axisLabel: { ...value.axisLabel, showMinLabel: low === 0, showMaxLabel: false },
        },
        yAxis: {
          type: 'category', data: say.names, inverse: true, axisTick: { show: false }, axisLine: { show: false, onZero: false },
          axisLabel: {
            color: colours.ink, fontSize: NORMAL, interval: 0, width: names, overflow: 'break', lineHeight: 16, margin: 12 + (low < 0 ? margin : 0),
          },
        },
      },
    };
  };

  // On a narrow screen each name stands above its bars, in a lane that an empty series keeps free.
  const namedAbove = (given) => {
    const { say, room, lanes, low, high, margin, top } = given;
    const shape = lyingBars(given);
    const left = low < 0 ? margin : 0;
    const nothing = left + ((room - left - margin) * -low) / (high - low || 1);
    return {
      ...shape,
      height: Math.round(top + say.names.length * ((lanes + 1) * (shape.thick + 3) + 9) + 30),
      nothing,
      axes: {
        grid: { ...shape.axes.grid, left },
        xAxis: {
          ...shape.axes.xAxis, splitNumber: 3,
          splitLine: { ...shape.axes.xAxis.splitLine, showMinLine: false },
          axisLabel: { ...shape.axes.xAxis.axisLabel, alignMinLabel: low < 0 ? undefined : 'left' },
        },
        yAxis: { ...shape.axes.yAxis, axisLabel: { show: false } },
      },
    };
  };
  const nameLane = (say, shape, colours, room) => ({
    type: 'bar', barWidth: shape.thick, silent: true, data: say.names.map(() => 0),
    label: {
      show: true, position: 'right', distance: 0, offset: [-shape.nothing, 0], width: room, overflow: 'truncate', color: colours.ink, fontSize: NORMAL,
      textBorderColor: colours.surface, textBorderWidth: 3, formatter: ({ dataIndex }) => say.names[dataIndex],
    },
  });

  const standingBars = ({ say, colours, room, lanes, low, margin, top }) => {
    const left = Math.max(margin, 44) + 4;
    const step = (room - left) / say.names.length;
    const thick = Math.max(4, Math.min((step * 0.76 - 3 * (lanes - 1)) / lanes, 46));
    const value = values(colours, 400);
    return {
      thick,
      labels: margin - 10 <= thick + 14,
      height: top + 340,
      axes: {
        grid: { left, right: 0, top: top + 22, bottom: 44 },
        yAxis: value,
        xAxis: {
          type: 'category', data: say.names, axisTick: { show: false }, axisLine: { show: false, onZero: false },
          axisLabel: { color: colours.ink, fontSize: SMALL, width: step - 6, overflow: 'break', lineHeight: 16, hideOverlap: true, margin: low < 0 ? 18 : 10 },
        },
      },
    };
  };

  // ── Lines over months

  const lines = (chart, say, colours, room) => {
    const narrow = room < 560;
    const entries = narrow ? say.series.map(({ name }) => ({ name, icon: 'path://M0 4h18v3h-18z' })) : [];
    if (say.band) entries.push({ name: say.band, icon: 'roundRect' });
    const top = legend(entries, colours, room);
    const right = narrow ? 12 : Math.min(widest(say.series.map(({ end }) => end), SMALL, colours), room / 3) + 16;
    const value = values(colours, 400);
    const base = frame(colours);
    return {
      height: 350 + top.height,
      option: {
        ...base,
        tooltip: { ...base.tooltip, trigger: 'axis', axisPointer: { type: 'line', lineStyle: { color: colours.ctl } }, formatter: (hits) => told(say, hits[0].dataIndex) },
        legend: top.part,
        grid: { left: 8, right, top: top.height + 10, bottom: 4, containLabel: true },
        yAxis: value,
        xAxis: {
          type: 'category', data: say.names, boundaryGap: false, axisTick: { show: false },
          axisLine: { lineStyle: { color: colours.ctl } },
          axisLabel: { color: colours['ink-3'], fontSize: SMALL, hideOverlap: true },
        },
        series: say.series.flatMap((one, index) => [...band(say, one, index, colours), ...line(one, colours, narrow)]),
      },
    };
  };

  const band = (say, one, index, colours) => {
    if (!one.lower) return [];
    const area = { type: 'line', stack: `band ${index}`, stackStrategy: 'all', symbol: 'none', silent: true, lineStyle: { opacity: 0 }, emphasis: { disabled: true } };
    const colour = colours[one.colour];
    return [
      { ...area, name: `below ${index}`, data: one.lower },
      {
        ...area, name: say.band, areaStyle: { color: colour, opacity: 0.24 }, itemStyle: { color: colour, opacity: 0.24 },
        data: one.upper.map((value, place) => (value === null || one.lower[place] === null ? null : value - one.lower[place])),
      },
    ];
  };

  const line = (one, colours, narrow) => {
    const colour = colours[one.colour];
    const last = one.values.length - 1;
    const alone = (data) => data.map((value, place) => ({
      value, symbol: value !== null && data[place - 1] == null && data[place + 1] == null ? 'circle' : 'none',
    }));
    const drawn = (data, type, ending) => ({
      type: 'line', name: one.name, data: alone(data), symbolSize: 5, itemStyle: { color: colour }, emphasis: { disabled: true },
      lineStyle: { width: 2.25, color: colour, type },
      endLabel: { show: ending && !narrow, formatter: () => one.end, color: colours.ink, fontSize: SMALL, distance: 8 },
      labelLayout: { moveOverlap: 'shiftY' },
    });
    if (one.turn === null) return [drawn(one.values, 'solid', true)];
    return [
      drawn(one.values.map((value, place) => (place < one.turn ? value : null)), 'solid', one.turn > last),
      drawn(one.values.map((value, place) => (place >= one.turn - 1 ? value : null)), [6, 4], true),
    ];
  };

  // ── Histograms

  const bins = (chart, say, colours, room) => {
    const count = say.edges.length - 1;
    const top = legend(say.series.length > 1 ? say.series.map(({ name }) => ({ name, icon: 'roundRect' })) : [], colours, room);
    const step = (room - 76) / count;
    const every = Math.max(1, Math.ceil((widest(say.edges, SMALL, colours) + 8) / step));
    const fits = widest(say.series.flatMap((one) => one.texts), SMALL, colours) <= step / say.series.length;
    const value = values(colours, 400);
    const base = frame(colours);
    return {
      height: 320 + top.height,
      option: {
        ...base,
        tooltip: { ...base.tooltip, trigger: 'item', formatter: ({ dataIndex }) => told(say, dataIndex) },
        legend: top.part,
        grid: { left: 8, right: 20, top: top.height + 22, bottom: 24, containLabel: true },
        yAxis: value,
        xAxis: {
          type: 'value', min: 0, max: count, interval: 1, splitLine: { show: false }, axisLine: { lineStyle: { color: colours.ctl } },
          axisTick: { show: true, lineStyle: { color: colours.ctl } },
          axisLabel: { color: colours['ink-3'], fontSize: SMALL, formatter: (place) => (place % every ? '' : say.edges[place] || '') },
          name: say.edge_unit, nameLocation: 'end', nameGap: 0,
          nameTextStyle: { color: colours['ink-3'], fontSize: SMALL, align: 'right', verticalAlign: 'top', padding: [30, 0, 0, 0] },
        },
        series: say.series.map((one, lane) => ({
          type: 'custom',
          emphasis: { disabled: true },
          name: one.name,
          itemStyle: fill(one, colours),
          renderItem: (_, api) => column(one, lane, say.series.length, fits, api, colours),
          data: one.values.map((height, place) => [place, height === null ? 0 : height]),
        })),
      },
    };
  };

  const column = (one, lane, lanes, fits, api, colours) => {
    const place = api.value(0);
    const [left, bottom] = api.coord([place, 0]);
    const [right, top] = api.coord([place + 1, api.value(1)]);
    const thick = (right - left - 2) / lanes;
    const x = left + 1 + lane * thick;
    const text = one.texts[place];
    const children = [{ type: 'rect', shape: { x, y: top, width: thick, height: bottom - top }, style: api.style() }];
    if (fits) {
      const style = { text, x: x + thick / 2, y: top - 5, align: 'center', verticalAlign: 'bottom', fontSize: SMALL, fontFamily: colours.font, fill: colours['ink-2'], stroke: colours.surface, lineWidth: 3 };
      children.push({ type: 'text', style });
    }
    return { type: 'group', children };
  };

  // ── Drawing

  const KINDS = { BarChart: bars, LineChart: lines, Histogram: bins };
  const plots = [...document.querySelectorAll('[data-chart]')].map((element) => ({
    element, chart: charts.get(element.dataset.chart), drawing: null, width: 0,
  }));

  const PAPER = 680;
  const draw = (plot, colours) => {
    const room = 'print' in root.dataset ? PAPER : Math.floor(plot.element.clientWidth);
    if (!room) return;
    const { height, option } = KINDS[plot.chart.kind](plot.chart, plot.chart[language()], colours, room);
    plot.width = room;
    plot.element.style.height = `${height}px`;
    plot.drawing = plot.drawing || echarts.init(plot.element, null, { renderer: 'svg', width: room, height });
    plot.drawing.resize({ width: room, height });
    plot.drawing.setOption(option, { notMerge: true });
    const picture = plot.element.querySelector('svg');
    picture.setAttribute('viewBox', `0 0 ${room} ${height}`);
    picture.setAttribute('aria-hidden', 'true');
  };
  const drawAll = () => { const colours = look(); plots.forEach((plot) => draw(plot, colours)); };

  const speak = (lang) => {
    root.lang = lang === 'en' ? 'en' : 'zh-CN';
    document.title = report.title[lang];
    document.querySelectorAll('[data-zh]').forEach((element) => element.setAttribute('aria-label', element.dataset[lang]));
    button.lang = lang === 'en' ? 'zh-CN' : 'en';
    button.textContent = lang === 'en' ? '中文' : 'English';
    drawAll();
  };
  const button = document.getElementById('language');
  button.addEventListener('click', () => speak(language() === 'en' ? 'zh' : 'en'));

  // ── What changes the picture: width, theme, paper

  let waiting = 0;
  const watch = new ResizeObserver(() => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => {
      if (plots.some((plot) => Math.floor(plot.element.clientWidth) !== plot.width)) drawAll();
    });
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);

  let closed = [];
  addEventListener('beforeprint', () => {
    root.dataset.print = '';
    closed = [...document.querySelectorAll('details:not([open])')];
    closed.forEach((details) => { details.open = true; });
    drawAll();
  });
  addEventListener('afterprint', () => {
    delete root.dataset.print;
    closed.forEach((details) => { details.open = false; });
    drawAll();
  });

  speak(language());
  plots.forEach((plot) => watch.observe(plot.element));
})();
