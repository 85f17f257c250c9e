using System.Text;
using Bunit;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Manifests;
using CalicoConsole.Web.Kit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace CalicoConsole.Web.Tests.Forms;

public sealed class ManifestPageTests : IAsyncDisposable
{
    private const string Policy = "apiVersion: v1\nkind: policy\nmetadata:\n  name: web\n";

    private readonly FormStage _stage = new();

    public ManifestPageTests()
    {
        StoredKey[] keys =
        [
            Key("/calico/v1/policy/tier/default/policy/old", "{\"order\":10,\"selector\":\"has(x)\",\"types\":[\"ingress\"]}"),
            Key("/calico/v1/policy/tier/default/policy/web2", "{\"selector\":\"\",\"types\":[\"ingress\"]}"),
            Key("/calico/v1/policy/profile/a/tags", "[]"), Key("/calico/v1/policy/profile/a/labels", "{}"), Key("/calico/v1/policy/profile/a/rules", "{}"),
            Key("/calico/v1/ipam/v4/pool/10.0.0.0-16", "{"),
        ];
        _stage.State.Publish(Cluster.Snapshot() with { Calico = CalicoStateUpdate.FromListing([.. keys], 42) });
    }

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        Assert.Equal((0, 0), (_stage.State.Subscribers, _stage.Runner.Subscribers));
    }

    [Fact]
    public async Task Text_Wrong_SaysLineColumnAndTheLineItself()
    {
        var page = _stage.Open<ManifestsPage>("manifests");
        await page.InvokeAsync(() => FormStage.Field(page, "Manifest").Input(Policy + "---\n" + Policy.Replace("web", "a b", StringComparison.Ordinal)));
        var said = Assert.Single(page.FindAll(".said.broken"));
        Assert.Contains("Line 9, column 3 · document 2", said.TextContent, StringComparison.Ordinal);
        Assert.Contains("metadata.name", said.TextContent, StringComparison.Ordinal);
        Assert.Equal("  name: a b", said.QuerySelector("code")!.TextContent);
        Assert.Equal("true", FormStage.Field(page, "Manifest").GetAttribute("aria-invalid"));
        await page.InvokeAsync(() => FormStage.Field(page, "Manifest").Input(Policy + "  annotations: {a: on}\n"));
        Assert.Contains("unquoted on is read as true", Assert.Single(page.FindAll(".said.attention")).TextContent, StringComparison.Ordinal);
        Assert.Contains("One resource, which can be read", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DryRun_TellsOfEachResource()
    {
        var page = _stage.Open<ManifestsPage>("manifests");
        string[] policies = [Policy, Policy.Replace("web", "old", StringComparison.Ordinal), Policy.Replace("web", "web2", StringComparison.Ordinal)];
        await page.InvokeAsync(() => FormStage.Field(page, "Manifest").Input(string.Join("---\n", policies)));
        Assert.Equal(["web applied created", "old applied changed", "web2 unchanged nothing to do"], Rows(page));
        Assert.Equal("1 created, 1 changed, 1 nothing to do", page.Find("[data-summary]").TextContent);
        await page.InvokeAsync(() => FormStage.Field(page, "What to do").Change("create"));
        Assert.Equal(["web created created", "old refused refused", "web2 skipped not reached"], Rows(page));
        Assert.Contains("It will stop at 2. policy old", page.Find(".plan").TextContent, StringComparison.Ordinal);
        Assert.Contains("verb=create", _stage.Address, StringComparison.Ordinal);
        await page.InvokeAsync(() => FormStage.Field(page, "Continue after a resource that is refused").Change(true));
        Assert.Equal(["web created created", "old refused refused", "web2 refused refused"], Rows(page));
    }

    [Fact]
    public async Task Submit_RunsTheManifestAndShowsWhatBecameOfEach()
    {
        var page = _stage.Open<ManifestsPage>("manifests?verb=create");
        await page.InvokeAsync(() => FormStage.Field(page, "Manifest").Input(Policy));
        await FormStage.SubmitAsync(page);
        var (operation, context) = Assert.Single(_stage.Runner.Ran);
        var manifest = Assert.IsType<ApplyManifest>(operation);
        Assert.Equal((ManifestVerb.Create, "policy web", false), (manifest.Verb, manifest.ObjectName, manifest.ContinueOnError));
        _stage.Runner.End(context.OperationId!.Value, OperationOutcome.Succeeded, null, r => r with { Documents = r.Plan.Documents });
        page.WaitForAssertion(() => Assert.Contains("What happened to each", page.Markup, StringComparison.Ordinal));
        Assert.Equal(["web created created"], Rows(page));
        Assert.Contains("Created what the manifest names", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_EmptyOrWrong_RunsNothing()
    {
        var page = _stage.Open<ManifestsPage>("manifests");
        await FormStage.SubmitAsync(page);
        page.WaitForAssertion(() => Assert.Contains("A manifest is needed", page.Markup, StringComparison.Ordinal));
        await page.InvokeAsync(() => FormStage.Field(page, "Manifest").Input("{{{"));
        await FormStage.SubmitAsync(page);
        Assert.Empty(_stage.Runner.Ran);
    }

    [Fact]
    public async Task Delete_AsksForTheWord()
    {
        var page = _stage.Open<ManifestsPage>("manifests?verb=delete");
        await page.InvokeAsync(() => FormStage.Field(page, "Manifest").Input(Policy.Replace("web", "old", StringComparison.Ordinal)));
        await FormStage.SubmitAsync(page);
        Assert.Empty(_stage.Runner.Ran);
        Assert.Contains("/calico/v1/policy/tier/default/policy/old", page.Find(".goes").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => FormStage.Field(page, "Type delete to confirm").Input("delete"));
        await FormStage.SubmitAsync(page);
        Assert.Equal(ManifestVerb.Delete, Assert.IsType<ApplyManifest>(Assert.Single(_stage.Runner.Ran).Operation).Verb);
    }

    [Fact]
    public async Task SecurityGroup_IsWrittenOnlyWithTheConsent()
    {
        var page = _stage.Open<ManifestsPage>("manifests");
        await page.InvokeAsync(() => FormStage.Field(page, "Manifest").Input(Policy));
        Assert.DoesNotContain("Change them although", page.Markup, StringComparison.Ordinal);
        await page.InvokeAsync(() => FormStage.Field(page, "Manifest").Input("apiVersion: v1\nkind: profile\nmetadata: {name: openstack-sg-1, tags: [t]}\n"));
        Assert.Equal(["openstack-sg-1 refused refused"], Rows(page));
        await page.InvokeAsync(() => FormStage.Field(page, "Change them although the driver rewrites them").Change(true));
        Assert.Equal(["openstack-sg-1 applied created"], Rows(page));
        await FormStage.SubmitAsync(page);
        Assert.True(Assert.IsType<ApplyManifest>(Assert.Single(_stage.Runner.Ran).Operation).EvenIfRewritten);
    }

    [Fact]
    public async Task Text_TypedWhileThePageLags_IsNotReplacedByOlderText()
    {
        var (page, typed) = (_stage.Open<ManifestsPage>("manifests"), "");
        var box = page.FindComponent<ManifestText>();
        // The page has not taken the text yet when the box is drawn again.
        box.Render(p => p.Add(x => x.ValueChanged, EventCallback.Factory.Create<string>(this, (string t) => typed = t)));
        await box.InvokeAsync(() => box.Find("textarea").Input("apiVersion: v1"));
        box.Render(p => p.Add(x => x.Value, ""));
        Assert.Equal(("apiVersion: v1", "apiVersion: v1"), (typed, box.Find("textarea").GetAttribute("value")));
        // What the page itself puts in, such as a file, counts.
        box.Render(p => p.Add(x => x.Value, Policy));
        Assert.Equal(Policy, box.Find("textarea").GetAttribute("value"));
    }

    [Fact]
    public void File_IsTaken_ALargeOneIsNotPutIntoTheField()
    {
        var page = _stage.Open<ManifestsPage>("manifests");
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText(Policy, "web.yaml"));
        page.WaitForAssertion(() => Assert.Equal(["web applied created"], Rows(page)));
        Assert.Equal(Policy, FormStage.Field(page, "Manifest").GetAttribute("value"));
        var many = Enumerable.Range(0, 15_000).Select(i => Policy.Replace("web", $"p{i}", StringComparison.Ordinal));
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText(string.Join("---\n", many), "many.yaml"));
        page.WaitForAssertion(() => Assert.Contains("many.yaml holds", page.Markup, StringComparison.Ordinal), TimeSpan.FromSeconds(30));
        Assert.Empty(page.FindAll("textarea"));
        Assert.Contains("and 14,800 more", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_ShowsWhatIsChosenAndLeavesOutWhatCannotBeRead()
    {
        var page = _stage.Open<ManifestsPage>("manifests?tab=export");
        Assert.Contains("3 resources", page.Markup, StringComparison.Ordinal);
        Assert.Contains("One stored value is left out", page.Markup, StringComparison.Ordinal);
        Assert.Equal("manifests/export.yaml", page.Find("a[download]").GetAttribute("href"));
        var filtered = _stage.Open<ManifestsPage>("manifests?tab=export&kind=policy&q=WEB");
        Assert.Equal("- apiVersion: v1\n  kind: policy\n  metadata:\n    name: web2\n  spec:\n    selector: \"\"\n    types:\n    - ingress\n",
            filtered.Find("pre.code").TextContent);
        Assert.Equal("manifests/export.yaml?kind=policy&q=WEB", filtered.Find("a[download]").GetAttribute("href"));
        await filtered.InvokeAsync(() => filtered.FindAll("input[type=checkbox]")[1].Change(true));
        Assert.Contains("kind=profile%2Cpolicy", _stage.Address, StringComparison.Ordinal);
        Assert.Contains("No resources match the filter", _stage.Open<ManifestsPage>("manifests?tab=export&q=nothing").Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_InEveryFormat_IsShownAndDownloaded()
    {
        var page = _stage.Open<ManifestsPage>("manifests?tab=export&kind=policy&q=WEB");
        Assert.True(page.Find("input[type=radio][value=yaml]").HasAttribute("checked"));
        Assert.Equal("calico.yaml", page.Find("a[download]").GetAttribute("download"));
        await page.InvokeAsync(() => page.Find("input[type=radio][value=wide]").Change("wide"));
        Assert.Contains("output=wide", _stage.Address, StringComparison.Ordinal);

        foreach (var (output, file, text) in new[]
        {
            ("wide", "calico.txt", "NAME   ORDER   SELECTOR   \nweb2   <nil>              \n\n"),
            ("ps", "calico.txt", "NAME   \nweb2   \n\n"),
            ("json", "calico.json", "[\n  {\n    \"kind\": \"policy\",\n"),
        })
        {
            page = _stage.Open<ManifestsPage>($"manifests?tab=export&kind=policy&q=WEB&output={output}");
            Assert.StartsWith(text, page.Find("pre.code").TextContent, StringComparison.Ordinal);
            Assert.Equal(($"manifests/export.yaml?kind=policy&q=WEB&output={output}", file),
                (page.Find("a[download]").GetAttribute("href"), page.Find("a[download]").GetAttribute("download")));
            Assert.True(page.Find($"input[type=radio][value={output}]").HasAttribute("checked"));
            Assert.NotNull(page.Find("button[data-copy-code]"));
        }
    }

    private static IEnumerable<string> Rows(IRenderedComponent<ManifestsPage> page) =>
        page.FindAll("tr[data-document]").Select(r =>
            $"{r.GetAttribute("data-document")} {r.GetAttribute("data-outcome")} {r.QuerySelector(".chip")!.TextContent}");

    private static StoredKey Key(string key, string value) => new(key, Encoding.UTF8.GetBytes(value), 41);
}
