namespace SafeLoop.EntityFrameworkCore.Tests;

public class Customer
{
    public int Id { get; set; }

    public string Name { get; set; } = "";
}
