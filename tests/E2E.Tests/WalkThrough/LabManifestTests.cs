using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests.WalkThrough;

/// <summary>
/// Manifests by pasting, on a real etcd: what the dry run says, the bytes that calicoctl would have written, and a datastore that is taken away and put back
/// from its export.
/// </summary>
[Collection(LabBrowsing.Name)]
public sealed class LabManifestTests(LabBrowserFixture fixture) : LabJourney(fixture)
{
    private const string Broken = "role == ";
    private const string Mended = "role == 'web' && has(net)";

    // What the golden steps call otherwise: the host endpoint's node and its first profile.
    private static readonly (string, string)[] Names = [("node-full", "node-dotted"), ("prof-full", "app-a")];

    // The node last, so that deleting by the same text takes its host endpoint first.
    private static readonly string[] Steps =
    [
        "calicoctl/013-create-ippool-crosssubnet", "calicoctl/026-create-profile-minimal", "multi/005-apply-new-then-existing",
            "calicoctl/034-create-policy-prednat",
        "calicoctl/035-create-policy-egressonly", "calicoctl/045-create-bgppeer-global", "calicoctl/051-create-hostendpoint-full",
            "calicoctl/041-create-node-dottedas",
    ];

    [Fact]
    public async Task Pasted_DryRunCorrectedApplied_ThenExportedDeletedAndTakenBack()
    {
        await Lab.ResetAsync();
        var text = string.Join("\n---\n", Steps.Append("errors/020-bad-selector")
            .Select(s => Names.Aggregate(GoldenInput(s), (t, n) => t.Replace(n.Item1, n.Item2, StringComparison.Ordinal))));
        Assert.Contains(Broken, text, StringComparison.Ordinal);
        var page = await OpenAsync("/manifests");
        var manifest = page.Locator("[data-editing]").GetByLabel("Manifest", new() { Exact = true });

        // One document is wrong: it is named with its field, and nothing is written of the others either.
        await manifest.FillAsync(text);
        await Expect(page.Locator("tr[data-document]")).ToHaveCountAsync(Steps.Length + 1);
        await Expect(page.Locator("tr[data-document='p-badsel'][data-outcome=refused]")).ToContainTextAsync("spec.selector: ");
        await Expect(page.Locator(".said.broken")).ToContainTextAsync("spec.selector");
        await Expect(page.Locator("tr[data-document='ns/pol-egress']")).ToContainTextAsync("not reached");
        await LookAsync(page, "manifest-refused");
        // The button says that it will not save; pressed all the same, nothing is written.
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply manifest" }).ClickAsync(new() { Force = true });
        await Expect(page.Locator(".form-blocked")).ToBeVisibleAsync();
        Assert.Empty(await Lab.KeysAsync());

        await manifest.FillAsync(text.Replace(Broken, Mended, StringComparison.Ordinal));
        await Expect(page.Locator("tr[data-outcome=applied]")).ToHaveCountAsync(Steps.Length + 1);
        await Expect(page.Locator("tr[data-document='p-badsel'][data-outcome=applied]")).ToContainTextAsync("created");
        await RunAsync(page, "Apply manifest");
        await Expect(page.Locator("tr[data-document='node-dotted/eth0']").GetByRole(AriaRole.Link))
            .ToHaveAttributeAsync("href", "hostendpoints/node-dotted/eth0");
        await Expect(page.Locator(".plan")).ToContainTextAsync("No document changes.");
        await Expect(page.Locator(".plan")).Not.ToContainTextAsync("Consequences");
        await LookAsync(page, "manifest-applied");
        foreach (var step in Steps)
        {
            await AssertGoldenAsync(step, Names);
        }

        Assert.Equal(
            """{"selector":"role == 'web' \u0026\u0026 has(net)","types":["ingress"]}""", await KeyAsync("/calico/v1/policy/tier/default/policy/p-badsel"));

        // What is exported holds all of it: deleting by it leaves nothing, and taking it back makes everything as it was.
        var before = await Lab.KeysAsync();
        await page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Export" }).First.ClickAsync();
        await Expect(page.Locator("pre.code")).ToContainTextAsync("name: ns/pol-egress");
        await LookAsync(page, "manifest-export");
        var exported = await DownloadAsync(page);
        await GoAsync(page, "/manifests?verb=delete");
        await manifest.FillAsync(exported);
        await Expect(page.Locator("tr[data-outcome=refused]").First).ToContainTextAsync("uses the profile");
        await page.GetByLabel("Also delete what is in use").CheckAsync();
        await Expect(page.Locator("tr[data-outcome=refused]")).ToHaveCountAsync(0);
        await Expect(page.Locator("tr[data-document='node-dotted/eth0']")).ToContainTextAsync("nothing to do");
        await LookAsync(page, "manifest-delete");
        await page.GetByLabel("Type delete to confirm").FillAsync("delete");
        await RunAsync(page, "Delete resources");
        Assert.DoesNotContain(await Lab.KeysAsync(), l => !l.StartsWith("/calico/v1/Ready=", StringComparison.Ordinal)
            && !l.StartsWith("/calico/v1/config/", StringComparison.Ordinal));

        await GoAsync(page, "/manifests");
        await manifest.FillAsync(exported);
        await RunAsync(page, "Apply manifest");
        Assert.Equal(before, await Lab.KeysAsync());

        // Nothing is left to do, and that is said too.
        await GoAsync(page, "/manifests?verb=replace");
        await manifest.FillAsync(exported);
        await Expect(page.Locator("[data-summary]")).ToHaveTextAsync($"{Steps.Length + 1} nothing to do");
        Assert.Empty(Foreign);
    }

    private static async Task RunAsync(IPage page, string button)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "What happened to each" })).ToBeVisibleAsync();
    }

    private static async Task<string> DownloadAsync(IPage page)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download manifest" }).ClickAsync());
        await using var stream = await download.CreateReadStreamAsync();
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Cancel);
    }
}
