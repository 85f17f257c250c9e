using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Kit.Forms;


namespace CalicoConsole.Web.Tests.Forms;

/// <summary>What was typed into a form, as a text and back, over fields that come and go with others.</summary>
public sealed class FormMemoryTests
{
    [Fact]
    public void NothingTyped_IsNothingToKeep_AlsoWhenTheClusterFillsAField()
    {
        var (memory, page) = Open();
        memory.Settle();
        page.Host = "docker02";
        memory.Settle();
        Assert.False(memory.IsDirty);
        Assert.Null(memory.Text);
    }

    [Fact]
    public void TypedAndTakenBack_IsNotEdited()
    {
        var (memory, page) = Open();
        memory.Settle();
        memory.Edit();
        page.Name = "web";
        memory.Settle();
        Assert.True(memory.IsDirty);
        page.Name = "";
        memory.Settle();
        Assert.False(memory.IsDirty);
        Assert.Null(memory.Text);
    }

    [Fact]
    public async Task Kept_ComesBackInTheOrderOfTheForm_WithFieldsThatOthersBring()
    {
        var (memory, page) = Open();
        memory.Settle();
        memory.Edit();
        (page.Name, page.Host) = ("web", "docker02");
        page.Show();
        memory.Settle();
        page.Address = "10.0.0.7";
        memory.Settle();
        var text = memory.Text;
        Assert.NotNull(text);

        var (again, fresh) = Open();
        again.Settle();
        Assert.True(again.Restore(text));
        await AllAsync(again);
        Assert.Equal(("web", "docker02", "10.0.0.7"), (fresh.Name, fresh.Host, fresh.Address));
        Assert.True(again.IsDirty);
        Assert.Empty(again.Overtaken);

        again.StartOver();
        await AllAsync(again);
        Assert.Equal(("", "docker01"), (fresh.Name, fresh.Host));
        Assert.False(again.IsDirty);
        Assert.Null(again.Text);
    }

    [Fact]
    public async Task ChangedMeanwhile_IsNamed()
    {
        var (memory, page) = Open();
        memory.Settle();
        memory.Edit();
        page.Host = "docker03";
        memory.Settle();
        var text = memory.Text!;

        var (again, fresh) = Open();
        fresh.Host = "docker02";
        again.Settle();
        again.Restore(text);
        await AllAsync(again);
        Assert.Equal("docker03", fresh.Host);
        Assert.Equal(["host"], again.Overtaken);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void WhatIsNoKeptText_IsLeft(string text)
    {
        var (memory, _) = Open();
        memory.Settle();
        Assert.False(memory.Restore(text));
    }

    [Fact]
    public void WhoTypesAlready_IsNotOverwritten()
    {
        var (memory, page) = Open();
        memory.Settle();
        memory.Edit();
        page.Name = "mine";
        Assert.False(memory.Restore("""{"name":{"Was":"","Is":"old"}}"""));
    }

    [Fact]
    public async Task WhoTypesAlready_GetsTheOtherFieldsBack()
    {
        var (memory, page) = Open();
        memory.Settle();
        memory.Edit();
        page.Name = "mine";
        Assert.True(memory.Restore("""{"name":{"Was":"","Is":"old"},"host":{"Was":"docker01","Is":"docker02"}}"""));
        await AllAsync(memory);
        Assert.Equal(("mine", "docker02"), (page.Name, page.Host));
        Assert.True(memory.IsDirty);
    }

    private static (FormMemory Memory, Page Page) Open()
    {
        var memory = new FormMemory();
        return (memory, new Page(memory));
    }

    private static async Task AllAsync(FormMemory memory)
    {
        memory.Settle();
        while (await memory.RestoreNextAsync())
        {
            memory.Settle();
        }
    }

    // A form whose address field is there only for a host other than the first, and is emptied with a change of the host.
    private sealed class Page
    {
        private readonly FormMemory _memory;

        public Page(FormMemory memory)
        {
            _memory = memory;
            memory.Add(new Field("name", () => Name, t => Name = t));
            memory.Add(new Field("host", () => Host, t =>
            {
                (Host, Address) = (t, "");
                Show();
            }));
        }

        public string Name { get; set; } = "";

        public string Host { get; set; } = "docker01";

        public string Address { get; set; } = "";

        public void Show() => _memory.Add(new Field("address", () => Address, t => Address = t));
    }

    private sealed record Field(string Name, Func<string> Get, Action<string> Set) : IKeptField
    {
        public string Label => Name;

        public string Text => Get();

        public Task TakeAsync(string text)
        {
            Set(text);
            return Task.CompletedTask;
        }
    }
}
