using Bunit;
using CalicoConsole.Web.Areas.Manifests;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Tests.Api;

namespace CalicoConsole.Web.Tests.Forms;

/// <summary>A rule that Felix cannot program wants a word before it is saved.</summary>
public sealed class UnprogrammableFormTests : IAsyncDisposable
{
    private readonly FormStage _stage = new();

    public UnprogrammableFormTests() => _stage.State.Publish(AssertionSample.Snapshot());

    public async ValueTask DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public async Task Manifest_WithSuchARule_WantsAWordFirst()
    {
        var page = _stage.Open<ManifestRun>("manifests");
        page.Find("textarea").Input(
            "apiVersion: v1\nkind: policy\nmetadata:\n  name: ping\nspec:\n  selector: has(nobody)\n"
            + "  ingress:\n  - action: allow\n    icmp:\n      type: 8\n");
        page.WaitForAssertion(() => Assert.Contains("ingress rule 1 of policy ping", page.Find("[data-unprogrammable]").TextContent, StringComparison.Ordinal));
        await FormStage.SubmitAsync(page);
        Assert.Empty(_stage.Runner.Ran);

        await page.InvokeAsync(() => FormStage.Field(page, "Save although Felix cannot program it").Change(true));
        await FormStage.SubmitAsync(page);
        Assert.True(Assert.Single(_stage.Runner.Ran).Operation.EvenIfUnprogrammable);
    }
}
