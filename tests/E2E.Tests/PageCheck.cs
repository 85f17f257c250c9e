using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace CalicoConsole.E2E.Tests;

/// <summary>What must hold on every page.</summary>
internal static class PageCheck
{
    /// <summary>No serious finding of axe, nothing wider than the window; a picture where CC_SCREENSHOTS says.</summary>
    public static async Task CheckAsync(IPage page, string name)
    {
        await SettleAsync(page);
        if (Environment.GetEnvironmentVariable("CC_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name.ToLowerInvariant() + ".png"), FullPage = true });
        }

        var findings = (await page.RunAxe()).Violations.Where(v => v.Impact is "serious" or "critical")
            .Select(v => $"{name}: {v.Id}: {string.Join(" | ", v.Nodes.Select(n => $"{n.Html} {string.Join(' ', n.Any.Select(a => a.Message))}"))}").ToArray();
        Assert.True(findings.Length == 0, string.Join('\n', findings));
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), $"{name} scrolls sideways");
    }

    // A colour is read while it changes, and then it is neither the one nor the other: everything that moves ends first.
    private static async Task SettleAsync(IPage page) => await page.EvaluateAsync(
        """
        async () => {
          const style = document.createElement('style');
          style.textContent = '*, *::before, *::after { transition: none !important; animation: none !important; }';
          document.head.append(style);
          await document.fonts.ready;
          document.getAnimations().forEach(a => a.cancel());
          await new Promise(next => requestAnimationFrame(() => requestAnimationFrame(next)));
        }
        """);
}
