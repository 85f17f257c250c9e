using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace CalicoConsole.E2E.Tests;

/// <summary>What must hold on every page.</summary>
internal static class PageCheck
{
    // Presses are not waited for one by one; the page notes each stop itself, as it looks at that moment.
    private const string NoteStops =
        """
        () => {
          const bare = [], seen = new Set();
          let first = null, done = false;
          const shown = (element, reach) => {
            const box = element.getBoundingClientRect();
            const sides = { top: box.top - reach, bottom: box.bottom + reach, left: box.left - reach, right: box.right + reach };
            let cut = new Set();
            for (let up = element.parentElement; up; up = up.parentElement) {
              if (getComputedStyle(up).overflow === 'visible') continue;
              const clip = up.getBoundingClientRect();
              if (sides.top < clip.top - 1) cut.add('top');
              if (sides.bottom > clip.bottom + 1) cut.add('bottom');
              if (sides.left < clip.left - 1) cut.add('left');
              if (sides.right > clip.right + 1) cut.add('right');
            }
            return cut.size <= 2;
          };
          document.addEventListener('focusin', event => {
            const element = event.target, style = getComputedStyle(element);
            first ??= element;
            if (seen.has(element)) { done ||= element === first; return; }
            seen.add(element);
            const width = parseFloat(style.outlineWidth);
            const drawn = style.outlineStyle !== 'none' && width >= 2 && !/, 0\)$|transparent/.test(style.outlineColor);
            if (!drawn || !shown(element, width + parseFloat(style.outlineOffset))) {
              bare.push(`${element.outerHTML.slice(0, 160)} outline ${style.outline} offset ${style.outlineOffset} shadow ${style.boxShadow}`);
            }
          });
          window.tabStops = { bare, seen, done: () => done };
        }
        """;

    // The library's own RunAxe opens a window for each run to put frames' findings together, and hands over what passed too; here is one frame and findings are
    // wanted.
    private const string RunAxe =
        """
        async rules => (await axe.run(document, { resultTypes: ['violations'], iframes: false, ...(rules ? { runOnly: { type: 'rule', values: rules } } : {}) })).violations
          .map(v => `${v.id}: ${v.nodes.map(n => `${n.html} ${n.any.map(a => a.message).join(' ')}`).join(' | ')}`)
        """;

    // The page's own colours change at once, MudBlazor's when the console has heard of it: the background of ConsoleTheme.
    private const string Coloured = """
        dark => getComputedStyle(document.documentElement).getPropertyValue('--mud-palette-background').replaceAll(' ', '').startsWith(dark ? 'rgba(14,20,23' : 'rgba(245,247,248')
        """;

    // What else axe finds does not depend on colours.
    private static readonly string[] OfColours = ["color-contrast", "link-in-text-block"];

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    /// <summary>Every stop of the Tab key shows that it has the focus.</summary>
    /// <returns>How many stops there are.</returns>
    public static async Task<int> TabThroughAsync(IPage page, string name)
    {
        await page.EvaluateAsync("() => document.activeElement?.blur()");
        await page.EvaluateAsync(NoteStops);
        for (var presses = 0; presses < 600 && !await page.EvaluateAsync<bool>("() => tabStops.done()"); presses += 20)
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => page.Keyboard.PressAsync("Tab")));
        }

        var bare = await page.EvaluateAsync<string[]>("() => tabStops.bare");
        Assert.True(bare.Length == 0, $"{name}: the focus is not seen on\n{string.Join('\n', bare)}");
        return await page.EvaluateAsync<int>("() => tabStops.seen.size");
    }

    /// <summary>No finding of axe, nothing wider than the window; a picture where CC_SCREENSHOTS says.</summary>
    public static Task CheckAsync(IPage page, string name) => CheckAsync(page, name, null);

    /// <summary>
    /// The same in the colours in sight and then in the others, in which it stays: the next page is loaded in them. With <paramref name="tab"/> the focus is
    /// seen on every stop of the Tab key, too.
    /// </summary>
    public static async Task CheckInBothColoursAsync(IPage page, string name, bool tab = false)
    {
        var dark = await page.EvaluateAsync<bool>("() => matchMedia('(prefers-color-scheme: dark)').matches");
        foreach (var (colours, rules) in new[] { (dark, (string[]?)null), (!dark, OfColours) })
        {
            await ColourAsync(page, colours ? ColorScheme.Dark : ColorScheme.Light);
            var look = FormattableString.Invariant($"{name}-{page.ViewportSize!.Width}-{(colours ? "dark" : "light")}");
            await CheckAsync(page, look, rules);
            Assert.True(!tab || await TabThroughAsync(page, look) > 0, $"{look}: nothing takes the focus");
        }
    }

    /// <summary>Shows the page in other colours, and waits until all of it has them.</summary>
    public static async Task ColourAsync(IPage page, ColorScheme colours)
    {
        await page.EmulateMediaAsync(new() { ColorScheme = colours });
        await page.WaitForFunctionAsync(Coloured, colours == ColorScheme.Dark);
    }

    private static async Task CheckAsync(IPage page, string name, string[]? rules)
    {
        await SettleAsync(page);
        if (Environment.GetEnvironmentVariable("CC_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name.ToLowerInvariant() + ".png"), FullPage = true });
        }

        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await page.EvaluateAsync($"() => {{ {Axe} }}");
        }

        var findings = await page.EvaluateAsync<string[]>(RunAxe, rules);
        Assert.True(findings.Length == 0, string.Join('\n', findings.Select(f => $"{name}: {f}")));
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), $"{name} scrolls sideways");
    }

    // A link changes the address at once and the page when the console has answered; the skip link carries the address that the page was drawn for. A colour
    // that is read while it changes is neither the one nor the other: everything that moves ends first.
    private static async Task SettleAsync(IPage page)
    {
        await page.WaitForFunctionAsync(
            "() => { const skip = document.querySelector('a.skip'); return !skip || skip.href.split('#')[0] === location.href.split('#')[0]; }");
        await page.EvaluateAsync(Settle);
    }

    private const string Settle =
        """
        async () => {
          const style = document.createElement('style');
          style.textContent = '*, *::before, *::after { transition: none !important; animation: none !important; }';
          document.head.append(style);
          await document.fonts.ready;
          document.getAnimations().forEach(a => a.cancel());
          await new Promise(next => requestAnimationFrame(() => requestAnimationFrame(next)));
        }
        """;
}
