using System.Net;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Networks;

namespace CalicoConsole.Web.Tests.Api;

public sealed class AttachmentsApiTests : IClassFixture<ConsoleFactory>
{
    private readonly ConsoleFactory _console;
    private readonly HttpClient _api;

    public AttachmentsApiTests(ConsoleFactory console)
    {
        _console = console;
        _api = console.Api();
        console.Runner.Reset();
        console.State.Publish(Cluster.Snapshot());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, Operation> Attachments => new()
    {
        { """{"profile":"guests","network":"my_net","remember":true}""", new AttachProfile("guests", AttachmentTarget.OfNetwork("my_net"), true) },
        { """{"profile":"guests","host":"docker01","container":"web"}""", new AttachProfile("guests", AttachmentTarget.OfContainer("docker01", "web")) },
        { """{"profile":"guests","node":"n","orchestrator":"k","workload":"w","endpoint":"e"}""", new AttachProfile("guests", AttachmentTarget.OfEndpoint(new WorkloadEndpointId("n", "k", "w", "e"))) },
    };

    [Theory]
    [MemberData(nameof(Attachments))]
    public async Task Attach_AsksForTheOperation(string body, Operation wanted)
    {
        await SendAsync(HttpMethod.Post, "attachments", body, HttpStatusCode.OK);
        Assert.Equal(wanted, Assert.Single(_console.Runner.Ran).Operation);
    }

    [Fact]
    public async Task Detach_ReadsTheQuery()
    {
        await SendAsync(HttpMethod.Delete, "attachments?profile=guests&network=my_net", null, HttpStatusCode.OK);
        Assert.Equal(new DetachProfile("guests", AttachmentTarget.OfNetwork("my_net")), Assert.Single(_console.Runner.Ran).Operation);
    }

    [Fact]
    public async Task Swap_AsksForTheOperation()
    {
        await SendAsync(HttpMethod.Post, "attachments/swap", """{"from":"my_net","to":"guests","host":"docker01","container":"web","remember":true}""",
            HttpStatusCode.OK);
        Assert.Equal(new SwapProfile("my_net", "guests", AttachmentTarget.OfContainer("docker01", "web"), true),
            Assert.Single(_console.Runner.Ran).Operation);
    }

    [Fact]
    public async Task Join_AsksForTheOperation()
    {
        await SendAsync(HttpMethod.Post, "joins", """{"network":"my_net","securityGroup":"openstack-sg-1","fromVms":true,"protocol":"tcp","ports":["80","8000:8080"],"undo":true}""", HttpStatusCode.OK);
        var join = Assert.IsType<JoinVms>(Assert.Single(_console.Runner.Ran).Operation);
        Assert.Equal(("my_net", "openstack-sg-1", false, true, "tcp", true, "80 8000:8080"),
            (join.Network, join.SecurityGroup, join.ToVms, join.FromVms, join.Protocol, join.Undo, string.Join(' ', join.Ports)));
    }

    [Theory]
    [InlineData("attachments", """{"network":"my_net"}""", "profile")]
    [InlineData("attachments", """{"profile":"guests"}""", "network")]
    [InlineData("attachments", """{"profile":"guests","network":"a","host":"b","container":"c"}""", "network")]
    [InlineData("attachments", """{"profile":"guests","network":"a","colour":"red"}""", "colour")]
    [InlineData("attachments/swap", """{"from":"a","network":"a"}""", "to")]
    [InlineData("attachments/swap", """{"from":"a","to":"b"}""", "network")]
    [InlineData("joins", """{"network":"a"}""", "securityGroup")]
    [InlineData("joins", """{"network":"a","securityGroup":"b","ports":["http"]}""", "ports")]
    public async Task Post_NotValid_NamesTheField(string path, string body, string field)
    {
        var problem = await SendAsync(HttpMethod.Post, path, body, HttpStatusCode.BadRequest);
        Assert.Equal(field, problem.GetProperty("errors")[0].GetProperty("field").GetString());
        Assert.Empty(_console.Runner.Ran);
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string? body, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(method, new Uri($"/api/v1/{path}", UriKind.Relative))
        {
            Content = body is null ? null
            : new StringContent(body, Encoding.UTF8, "application/json")
        };
        using var answer = await _api.SendAsync(request, Cancel);
        Assert.Equal(status, answer.StatusCode);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancel));
    }
}
