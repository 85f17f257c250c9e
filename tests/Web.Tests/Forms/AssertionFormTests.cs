using Bunit;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Assertions;
using CalicoConsole.Web.Areas.Manifests;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Tests.Api;

namespace CalicoConsole.Web.Tests.Forms;

public sealed class AssertionFormTests : IAsyncDisposable
{
    private readonly FormStage _stage = new();

    public AssertionFormTests() => _stage.State.Publish(AssertionSample.Snapshot());

    public async ValueTask DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public async Task Create_ShowsHowItStandsNow_AndIsOneOperation()
    {
        var page = _stage.Open<CreateAssertionPage>("do/create-assertion");
        await page.InvokeAsync(() => FormStage.Field(page, "Name").Input("web reaches db"));
        await page.InvokeAsync(() => FormStage.Field(page, "Sending tag").Input("web"));
        await page.InvokeAsync(() => FormStage.Field(page, "Receiving tag").Input("db"));
        await page.InvokeAsync(() => FormStage.Field(page, "Ports").Input("5432"));
        Assert.Equal("holds", page.Find("[data-now]").GetAttribute("data-now"));
        await page.InvokeAsync(() => FormStage.Field(page, "Ports").Input("80"));
        Assert.Equal("broken", page.Find("[data-now]").GetAttribute("data-now"));
        await FormStage.SubmitAsync(page);

        var save = Assert.IsType<SaveKept>(Assert.Single(_stage.Runner.Ran).Operation);
        Assert.Equal((KeptKinds.Assertion, "web reaches db", """{"from":{"tag":"web"},"to":{"tag":"db"},"protocol":"tcp","ports":[80],"expect":"must"}"""), (save.Kind, save.ItemName, save.Json));
    }

    [Fact]
    public async Task Create_NotValid_IsNotRun()
    {
        var page = _stage.Open<CreateAssertionPage>("do/create-assertion");
        await page.InvokeAsync(() => FormStage.Field(page, "Name").Input("x"));
        await page.InvokeAsync(() => FormStage.Field(page, "Sending tag").Input("web"));
        await page.InvokeAsync(() => FormStage.Field(page, "Receiving tag").Input("db"));
        await page.InvokeAsync(() => FormStage.Field(page, "Ports").Input("http"));
        await FormStage.SubmitAsync(page);

        Assert.Empty(_stage.Runner.Ran);
        Assert.Contains("'http' is neither a port", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_ThatBreaksAnAssertion_WantsAWordFirst()
    {
        var page = _stage.Open<ManifestRun>("manifests");
        const string Manifest = "apiVersion: v1\nkind: profile\nmetadata:\n  name: db\n  tags: [db]\nspec:\n  ingress:\n  - action: allow\n  egress: []\n";
        await page.InvokeAsync(() => page.Find("textarea").Input(Manifest));
        page.WaitForAssertion(() =>
            Assert.Equal(("1", "1"), (page.Find("[data-breaks]").GetAttribute("data-breaks"), page.Find("[data-breaks]").GetAttribute("data-mends"))));
        await FormStage.SubmitAsync(page);
        Assert.Empty(_stage.Runner.Ran);

        await page.InvokeAsync(() => FormStage.Field(page, "Save although it breaks 1 assertion: closed").Change(true));
        await FormStage.SubmitAsync(page);
        Assert.True(Assert.Single(_stage.Runner.Ran).Operation.EvenIfBreaksAssertions);
    }
}
