using Bunit;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Web.Areas.Profiles;
using CalicoConsole.Web.Areas.Rules;
using CalicoConsole.Web.Tests.Api;

namespace CalicoConsole.Web.Tests.Forms;

/// <summary>Who carries a profile and who uses its tags, on its page and where it is edited; attaching and swapping from there.</summary>
public sealed class ProfileMembersTests : IAsyncDisposable
{
    private readonly FormStage _stage = new();

    public ProfileMembersTests() => _stage.State.Publish(Cluster.Snapshot() with { Calico = ReachabilitySample.State() });

    public async ValueTask DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public void Editor_ListsWhoCarriesIt_WithTheFormsThatChangeThat()
    {
        var page = _stage.Open<ProfileForm>("do/edit-profile?name=web");
        var members = page.Find("[data-members]");
        Assert.Contains("1 endpoint carries it", members.TextContent, StringComparison.Ordinal);
        Assert.Equal(
            ["do/attach-profile?profile=web", "do/detach-profile?host=docker01&container=workload1&profile=web",
                "do/swap-profile?host=docker01&container=workload1&profile=web"],
            members.QuerySelectorAll("a.btn").Select(a => a.GetAttribute("href")));
        Assert.Single(members.QuerySelectorAll("[data-member]"));
    }

    [Fact]
    public void Tag_SaysWhoNamesItAndWhoCarriesIt()
    {
        var page = _stage.Open(typeof(TagUsers), "profiles/web", ("Tag", "web"), ("Open", true));
        var users = page.Find("[data-tag=web]");
        Assert.Contains("1 endpoint carries it, 1 rule names it", users.TextContent, StringComparison.Ordinal);
        Assert.Equal("profiles/db", users.QuerySelector("[data-rule-use] a")!.GetAttribute("href"));
        Assert.Contains("ingress rule 1", users.QuerySelector("[data-rule-use]")!.TextContent, StringComparison.Ordinal);
        Assert.StartsWith("endpoints/docker01/", users.QuerySelector("[data-carrier] a")!.GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rule_SaysWhoUsesTheTagThatIsTyped()
    {
        var page = _stage.Open<ProfileForm>("do/edit-profile?name=db");
        await FormStage.OnAsync(page, "button[aria-label^='Ingress rule 1:']", b => b.Click());
        Assert.Contains("1 endpoint carries it, 1 rule names it", page.Find(".peers [data-tag=web] summary").TextContent, StringComparison.Ordinal);
        await FormStage.InputAsync(page, "Endpoints tagged", "nosuch");
        Assert.Contains("nobody carries it and nothing names it", page.Find(".peers [data-tag=nosuch] summary").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attach_FromTheProfile_TakesAContainer()
    {
        var page = _stage.Open<AttachProfilePage>("do/attach-profile?profile=db");
        await FormStage.ChangeAsync(page, "Which endpoints", "container");
        await FormStage.InputAsync(page, "Container", "docker01/workload1");
        Assert.True(FormStage.Field(page, "Remember it").HasAttribute("checked"));
        await FormStage.SubmitAsync(page);
        Assert.Equal(new AttachProfile("db", AttachmentTarget.OfContainer("docker01", "workload1"), true), Assert.Single(_stage.Runner.Ran).Operation);
    }

    [Fact]
    public async Task Attach_FromTheProfile_TakesOneEndpointThatIsThere()
    {
        var page = _stage.Open<AttachProfilePage>("do/attach-profile?profile=web");
        await FormStage.ChangeAsync(page, "Which endpoints", "endpoint");
        await FormStage.InputAsync(page, "Endpoint", "docker02/libnetwork/libnetwork/nosuch");
        await FormStage.SubmitAsync(page);
        Assert.Empty(_stage.Runner.Ran);
        await FormStage.InputAsync(page, "Endpoint", "docker02/libnetwork/libnetwork/db");
        await FormStage.SubmitAsync(page);
        Assert.Equal(new AttachProfile("web", AttachmentTarget.OfEndpoint(new WorkloadEndpointId("docker02", "libnetwork", "libnetwork", "db"))),
            Assert.Single(_stage.Runner.Ran).Operation);
    }

    [Fact]
    public async Task Swap_AsksForBoth_AndIsOneOperation()
    {
        var page = _stage.Open<AttachProfilePage>("do/swap-profile?host=docker01&container=workload1&profile=web");
        Assert.Equal("Swap a profile of container docker01/workload1", page.Find("h1").TextContent.Trim());
        await FormStage.SubmitAsync(page);
        Assert.Empty(_stage.Runner.Ran);
        await FormStage.ChangeAsync(page, "Profile that comes", "db");
        page.WaitForAssertion(() => Assert.Equal("Effect of the swap", page.Find("#effect-title").TextContent));
        await FormStage.SubmitAsync(page);
        Assert.Equal(new SwapProfile("web", "db", AttachmentTarget.OfContainer("docker01", "workload1"), true), Assert.Single(_stage.Runner.Ran).Operation);
    }
}
