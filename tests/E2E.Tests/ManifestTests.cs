using CalicoConsole.Core.Manifests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

public sealed class ManifestTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>, IAsyncLifetime
{
    private const string Manifest =
        """
        apiVersion: v1
        kind: profile
        metadata:
          name: my_net
          tags: [my_net]
        ---
        - apiVersion: v1
          kind: policy
          metadata:
            name: web
          spec:
            selector: role == 'web' && has(net)
            ingress:
            - action: allow
              protocol: tcp
              destination:
                ports: [80, "8000:8080"]

        """;

    private readonly List<string> _foreign = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await SeededCluster.FillAsync(fixture.Etcd, Cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Manifest_DryRunApplyExport()
    {
        var page = await fixture.NewPageAsync(_foreign);
        await fixture.SignInAsync(page, "/manifests");
        var text = page.Locator("[data-editing]").GetByLabel("Manifest", new() { Exact = true });
        await text.FillAsync(Manifest.Replace("ports: [80, \"8000:8080\"]", "ports: [80, 8000:8080]", StringComparison.Ordinal));
        await Expect(page.Locator(".said.broken")).ToContainTextAsync("Line 17, column 21 · document 2");
        await Expect(page.Locator(".said.broken")).ToContainTextAsync("found unexpected ':'");
        await PageCheck.CheckAsync(page, "manifest-wrong");

        await text.FillAsync(Manifest);
        await Expect(page.Locator("tr[data-document=my_net][data-outcome=applied]")).ToContainTextAsync("changed");
        await Expect(page.Locator("tr[data-document=web][data-outcome=applied]")).ToContainTextAsync("created");
        await PageCheck.CheckAsync(page, "manifest-dry-run");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply manifest" }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Succeeded]")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "What happened to each" })).ToBeVisibleAsync();
        await PageCheck.CheckAsync(page, "manifest-applied");
        Assert.Equal(
            "{\"inbound_rules\":[{\"action\":\"allow\",\"protocol\":\"tcp\",\"dst_ports\":[80,\"8000:8080\"]}],\"selector\":\"role == 'web' \\u0026\\u0026 "
                + "has(net)\",\"types\":[\"ingress\"]}",
            await fixture.GetAsync("/calico/v1/policy/tier/default/policy/web", Cancel));
        Assert.Equal("{}", await fixture.GetAsync("/calico/v1/policy/profile/my_net/rules", Cancel));

        await page.GetByRole(AriaRole.Link, new() { Name = "Export" }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Export a manifest" })).ToBeVisibleAsync();
        await page.GetByLabel("Name holds").FillAsync("we");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("q=we"));
        await Expect(page.Locator("pre.code")).ToContainTextAsync("selector: role == 'web' && has(net)");
        await PageCheck.CheckAsync(page, "manifest-export");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download manifest" }).ClickAsync());
        await using var stream = await download.CreateReadStreamAsync();
        using var reader = new StreamReader(stream);
        var exported = ManifestReader.Read(await reader.ReadToEndAsync(Cancel));
        Assert.Contains("web", exported.Items.Select(i => i.Name));
        Assert.True(exported.IsValid);
        Assert.Empty(_foreign);
    }

    [Fact]
    public async Task Manifest_File_IsTakenAndARefusalStopsThere()
    {
        var page = await fixture.NewPageAsync(_foreign, 390, ColorScheme.Dark);
        await fixture.SignInAsync(page, "/manifests?verb=create");
        await page.GetByLabel("Drop a file here, or choose one").SetInputFilesAsync(new FilePayload
        {
            Name = "m.yaml",
            MimeType = "application/yaml",
            Buffer =
                System.Text.Encoding.UTF8.GetBytes(
                "[{apiVersion: v1, kind: profile, metadata: {name: fresh}}, {apiVersion: v1, kind: profile, metadata: {name: team/db}}]"),
        });
        await Expect(page.Locator("tr[data-document=fresh]")).ToContainTextAsync("created");
        await Expect(page.Locator("tr[data-document='team/db'][data-outcome=refused]")).ToContainTextAsync("resource already exists: Profile(name=team/db)");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create resources" }).ClickAsync();
        await Expect(page.Locator("[data-outcome=Partial]")).ToContainTextAsync("Partial success: created 1 out of 2 'profile' resources");
        await PageCheck.CheckAsync(page, "manifest-partial-390");
        Assert.Equal("[]", await fixture.GetAsync("/calico/v1/policy/profile/fresh/tags", Cancel));
        Assert.Empty(_foreign);
    }
}
