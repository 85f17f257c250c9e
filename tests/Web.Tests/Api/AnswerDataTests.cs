using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Web.Api;

namespace CalicoConsole.Web.Tests.Api;

/// <summary>The names of an answer's data: scripts of users read them, so they are written out here once more.</summary>
public sealed class AnswerDataTests
{
    public static TheoryData<OperationAnswer, string> Cases { get; } = new()
    {
        { OperationAnswer.None.Value, "" },
        { new OperationAnswer.Container("docker01") { Name = "web1" }, "host=docker01 name=web1" },
        { new OperationAnswer.Container("docker01") { Id = "c1" }, "host=docker01 id=c1" },
        {
            new OperationAnswer.Container("docker01") { Id = "c1", Name = "web1", Address = new("192.0.2.1", "my_net", "e1"),
                Proposed = Ip.Parse("192.0.2.1") },
            "endpointId=e1 host=docker01 id=c1 ip=192.0.2.1 name=web1 network=my_net proposedIp=192.0.2.1"
        },
        {
            new OperationAnswer.Container("docker01") { Id = "c1", Name = "web1", Left = new("web1", "n1") },
            "host=docker01 id=c1 leftEndpoint=web1 leftNetwork=n1 name=web1"
        },
        { new OperationAnswer.Container("docker01") { Address = new("", "host", "") }, "endpointId= host=docker01 ip= network=host" },
        { new OperationAnswer.CalicoNode("docker01", "n1") { Id = "c1" }, "host=docker01 id=c1 node=n1" },
        { new OperationAnswer.CalicoNode("docker01", "n1"), "host=docker01 node=n1" },
        { new OperationAnswer.CreatedNetwork("docker01", "n1", "my_net"), "host=docker01 id=n1 name=my_net" },
        { new OperationAnswer.RemovedNetwork("n1"), "id=n1" },
        { new OperationAnswer.ReleasedFor("c1", "web1"), "id=c1 name=web1" },
        { new OperationAnswer.PingCount(12, 0), "received=0 sent=12" },
        {
            new OperationAnswer.Captured(Guid.Empty, "No packet was seen."),
            "headline=No packet was seen. id=00000000-0000-0000-0000-000000000000"
        },
        {
            new OperationAnswer.Diagnosed(Guid.Empty, "found", "far hears nothing."),
            "headline=far hears nothing. id=00000000-0000-0000-0000-000000000000 outcome=found"
        },
        { new OperationAnswer.TcpProbe(TcpAnswer.Connected), "answer=connected" },
        { new OperationAnswer.TcpProbe(TcpAnswer.Refused), "answer=refused" },
        { new OperationAnswer.TcpProbe(TcpAnswer.NoAnswer), "answer=noAnswer" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Written_ByTheNamesOfTheApi(OperationAnswer answer, string written) =>
        Assert.Equal(written, string.Join(' ', AnswerData.Written(answer).Select(d => $"{d.Key}={d.Value}")));

    [Fact]
    public void Cases_HaveEveryKindOfAnswer() => Assert.Equal(
        typeof(OperationAnswer).GetNestedTypes().Select(t => t.Name).Order(StringComparer.Ordinal),
        Cases.Select(c => c.Data.Item1.GetType().Name).Distinct().Order(StringComparer.Ordinal));
}
