using System.Globalization;
using CalicoConsole.E2E.Tests;
using Microsoft.Playwright;

namespace CalicoConsole.Benchmarks;

/// <summary>
/// From a key stroke in the profile editor until the effect of the changed proposal is drawn, both in the browser: with the pause that the editor
/// waits for more.
/// </summary>
internal static class EditorBenchmark
{
    private const int Strokes = 40;
    private const int Groups = 20;

    // The text of the effect is another one after each stroke; it is noted with the frame that shows it.
    private const string Observe =
        """
        () => {
          window.strokes = [];
          let pressed = null;
          const effect = document.querySelector('.effect');
          const text = () => effect.getAttribute('aria-busy') ? null : effect.innerText;
          let last = text();
          document.addEventListener('keydown', () => pressed = performance.now(), true);
          new MutationObserver(() => requestAnimationFrame(() => {
            const now = text();
            if (pressed !== null && now !== null && now !== last) { window.strokes.push(performance.now() - pressed); last = now; pressed = null; }
          })).observe(effect, { subtree: true, childList: true, characterData: true, attributes: true });
        }
        """;

    /// <summary>Profiles for the seeded virtual machines, so that a rule which names their tag concerns all of them.</summary>
    public static async Task SeedAsync(SeedWriter keys, CancellationToken cancellationToken)
    {
        for (var i = 0; i < Groups; i++)
        {
            var directory = string.Create(CultureInfo.InvariantCulture, $"/calico/v1/policy/profile/openstack-sg-{i}");
            await keys.PutAsync($"{directory}/tags", """["vms"]""", cancellationToken);
            await keys.PutAsync($"{directory}/rules", """{"inbound_rules":[{"action":"allow","src_tag":"vms"}],"outbound_rules":[{"action":"allow"}]}""", cancellationToken);
        }
    }

    /// <summary>Types a letter too many into the tag of a rule, and takes it back, again and again.</summary>
    public static async Task<List<double>> RunAsync(IPage page)
    {
        await page.GotoAsync($"/do/edit-profile?name={SeededCluster.Profile}");
        await page.Locator("[data-effect=empty]").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Ingress rule 1:") }).PressAsync("Enter");
        var tag = page.GetByRole(AriaRole.Group, new() { Name = "Ingress rule 1", Exact = true }).GetByLabel("Endpoints tagged").First;
        await tag.FocusAsync();
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync("vms");
        await page.Locator(".effect [data-opens]").First.WaitForAsync();
        await page.EvaluateAsync(Observe);
        for (var i = 0; i < Strokes; i++)
        {
            await page.Keyboard.PressAsync(i % 2 == 0 ? "x" : "Backspace");
            await page.WaitForFunctionAsync($"() => window.strokes.length > {i}");
        }

        return [.. await page.EvaluateAsync<double[]>("() => window.strokes")];
    }
}
